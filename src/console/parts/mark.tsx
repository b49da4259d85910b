/** The console's mark: five libraries around one hub. */
import type { ReactNode } from 'react';

export function Mark({ size }: { readonly size: number }): ReactNode {
  const spokes = [0, 72, 144, 216, 288];
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false" style={{ flex: 'none' }}>
      <rect width="32" height="32" rx="6" fill="#0b56c4" />
      <g fill="none" stroke="#fff" strokeWidth="2" strokeLinecap="round">
        <circle cx="16" cy="16" r="3.600" />
        {spokes.map((turn) => <g key={turn} transform={`rotate(${turn} 16 16)`}><path d="M16 11.500V8.500" /><circle cx="16" cy="6.500" r="1.200" fill="#fff" stroke="none" /></g>)}
      </g>
    </svg>
  );
}

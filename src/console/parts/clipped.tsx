/**
 * A text in a column that may be too narrow for it: cut with an ellipsis, whole in a tooltip, which the keyboard reaches too.
 */
import { Typography } from 'antd';
import type { ReactNode } from 'react';

/** On one line, or on so many. */
export function Clipped({ children, lines = 1, secondary = false }: { readonly children: string; readonly lines?: number; readonly secondary?: boolean }): ReactNode {
  if (lines === 1) return <Typography.Text {...(secondary ? { type: 'secondary' as const } : {})} ellipsis={{ tooltip: children }} style={{ maxWidth: '100%' }}>{children}</Typography.Text>;
  return <Typography.Paragraph {...(secondary ? { type: 'secondary' as const } : {})} ellipsis={{ rows: lines, tooltip: children }} style={{ margin: 0 }}>{children}</Typography.Paragraph>;
}

/** A code, in the type of codes. */
export function Code({ children, copyable = false }: { readonly children: string; readonly copyable?: boolean }): ReactNode {
  return copyable ? <Typography.Text className="hub-code" copyable>{children}</Typography.Text> : <span className="hub-code">{children}</span>;
}

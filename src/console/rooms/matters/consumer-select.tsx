/**
 * Chooses an application, found by its name, its code or its department.
 */
import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTexts } from '../../language/language.tsx';
import type { Consumer } from './matters.ts';
import { texts } from './texts.ts';

interface ConsumerSelectProps {
  readonly consumers: readonly Consumer[];
  readonly value: string | undefined;
  readonly onChange: (code: string) => void;
}

/** One of them. */
export function ConsumerSelect({ consumers, value, onChange }: ConsumerSelectProps): ReactNode {
  const t = useTexts(texts);
  return (
    <Select
      aria-label={t.consumer} placeholder={t.chooseConsumer} style={{ width: 320 }} showSearch={{ optionFilterProp: 'words' }}
      value={value ?? null} onChange={(code: string | null) => code !== null && onChange(code)}
      options={consumers.map(({ code, name, departmentName }) => ({ value: code, label: `${name} · ${departmentName}`, words: `${code} ${name} ${departmentName}` }))}
    />
  );
}

/**
 * A field of a draft with its label, and what the hub says is wrong with it where it stands.
 */
import { Form } from 'antd';
import type { ReactNode } from 'react';

interface FieldProps {
  readonly label: string;
  readonly id: string;
  readonly fault?: string | undefined;
  readonly help?: string;
  readonly children: ReactNode;
  readonly flex?: string;
}

/** `children` is a control with the same `id`. */
export function Field({ label, id, fault, help, children, flex }: FieldProps): ReactNode {
  return (
    <Form.Item label={label} htmlFor={id} layout="vertical" style={{ marginBottom: 14, ...(flex === undefined ? {} : { flex }) }} {...(fault === undefined ? {} : { validateStatus: 'error' as const, help: <span role="alert">{fault}</span> })} {...(help === undefined ? {} : { extra: help })}>
      {children}
    </Form.Item>
  );
}

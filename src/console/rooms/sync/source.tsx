/**
 * A source of records: what the department is called, with its code; by its code alone where this hub knows no department of it.
 */
import type { ReactNode } from 'react';
import { Code } from '../../parts/clipped.tsx';
import { useDirectory } from '../../parts/directory.ts';

/** See the head of this file. */
export function Source({ code }: { readonly code: string }): ReactNode {
  const name = useDirectory().department(code);
  return name === code ? <Code>{code}</Code> : <span>{name} <Code>{code}</Code></span>;
}

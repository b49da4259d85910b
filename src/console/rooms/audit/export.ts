/**
 * The records that are shown, as a table for a spreadsheet (RFC 4180, UTF-8 with its mark). Cells that it would take for a formula are
 * written as text.
 */
import type { AuditRecord } from './found.tsx';

type HeadName = 'at' | 'kind' | 'consumer' | 'who' | 'department' | 'matter' | 'purpose' | 'operator' | 'roots' | 'outcome' | 'reason' | 'deliveredItems' | 'foundBy' | 'rows' | 'subjectKeys' | 'policy' | 'took' | 'request' | 'record';

/** The table's text. */
export function csvOf(records: readonly AuditRecord[], heads: Readonly<Record<HeadName, string>>): string {
  const columns: readonly (readonly [string, (record: AuditRecord) => string | number | null])[] = [
    [heads.at, ({ at }) => at], [heads.kind, ({ kind }) => kind], [heads.consumer, ({ consumer }) => consumer], [heads.who, ({ administrator }) => administrator], [heads.department, ({ departmentCode }) => departmentCode],
    [heads.matter, ({ matter }) => matter], [heads.purpose, ({ caseNo }) => caseNo], [heads.operator, ({ operator }) => operator], [heads.roots, ({ roots }) => roots.join(' ')], [heads.outcome, ({ outcome }) => outcome], [heads.reason, ({ reason }) => reason],
    [heads.deliveredItems, ({ delivered }) => [...new Set(delivered.flatMap(({ items }) => items))].join(' ')], [heads.foundBy, ({ foundBy }) => foundBy.join(' ')], [heads.rows, ({ rows }) => rows], [heads.subjectKeys, ({ subjects }) => subjects.join(' ')],
    [heads.policy, ({ policy }) => policy], [heads.took, ({ micros }) => Number(micros) / 1000], [heads.request, ({ requestId }) => requestId], [heads.record, ({ id }) => id],
  ];
  const rows = [columns.map(([head]) => head), ...records.map((record) => columns.map(([, of]) => of(record)))];
  return `\uFEFF${rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')}`;
}

function cellOf(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

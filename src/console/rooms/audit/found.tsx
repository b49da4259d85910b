/**
 * Records that were found, and one of them in full. Subjects are told by the keys that the hub knows them by, which nobody reads a number from.
 */
import { Button, Descriptions, Drawer, Flex, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { AuditChoicesQuery, AuditRecordsQuery } from '../../generated/graphql.ts';
import { momentOf, numberOf, useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { recordTypeNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { kindNames, outcomeNames, texts } from './texts.ts';

export type AuditRecord = AuditRecordsQuery['auditRecords']['nodes'][number];

/** The table. */
export function Found({ records, choices }: { readonly records: readonly AuditRecord[]; readonly choices: AuditChoicesQuery | undefined }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [open, setOpen] = useState<AuditRecord | null>(null);
  const names = useMemo(() => ({ consumer: namesOf(choices?.consumers), matter: namesOf(choices?.matters), item: namesOf(choices?.catalogItems), department: namesOf(choices?.departments) }), [choices]);
  const columns: TableColumnsType<AuditRecord> = [
    { title: t.at, dataIndex: 'at', width: 140, className: 'hub-date', render: (at: string) => momentOf(at) },
    { title: t.kind, dataIndex: 'kind', width: 92, render: (kind: AuditRecord['kind']) => text(kindNames[kind]) },
    { title: t.who, key: 'who', width: 160, ellipsis: true, render: (_value, { consumer, administrator, kind }) => <Clipped>{consumer === null ? administrator ?? (kind === 'COMMAND' ? t.commandLine : '—') : names.consumer.get(consumer) ?? consumer}</Clipped> },
    { title: t.purpose, key: 'purpose', width: 160, ellipsis: true, render: (_value, { matter, caseNo }) => (matter === null ? '—' : <Clipped>{`${names.matter.get(matter) ?? matter}${caseNo === null ? '' : ` / ${caseNo}`}`}</Clipped>) },
    { title: t.asked, dataIndex: 'roots', width: 170, ellipsis: true, render: (roots: readonly string[]) => <Clipped>{roots.join(' ')}</Clipped> },
    { title: t.outcome, dataIndex: 'outcome', width: 130, render: (outcome: string, { kind }) => <StateTag tone={outcome === 'OK' ? 'good' : kind === 'CHAIN' ? 'still' : outcome === 'BEGUN' ? 'moving' : 'stopped'}>{text(outcomeNames[outcome] ?? { zh: outcome, en: outcome })}</StateTag> },
    { title: t.delivered, key: 'items', width: 84, align: 'right', className: 'hub-number', render: (_value, { delivered }) => t.items(new Set(delivered.flatMap(({ items }) => items)).size) },
    { title: t.rows, dataIndex: 'rows', width: 70, align: 'right', className: 'hub-number', render: (rows: number) => numberOf(rows) },
    { title: t.subjects, dataIndex: 'subjects', width: 80, align: 'right', className: 'hub-number', render: (subjects: readonly string[]) => t.people(subjects.length) },
    { title: '', key: 'open', width: 76, fixed: 'right', render: (_value, record) => <Button size="small" onClick={() => setOpen(record)}>{t.open}</Button> },
  ];
  return (
    <>
      <Table<AuditRecord> size="small" rowKey="id" columns={columns} dataSource={[...records]} pagination={false} scroll={{ x: 1090 }} locale={{ emptyText: <Nothing what={t.nothing} next={t.nothingNext} /> }} />
      <Drawer open={open !== null} size={680} onClose={() => setOpen(null)} title={t.details}>{open !== null && <Details record={open} names={names} />}</Drawer>
    </>
  );
}

interface Names {
  readonly consumer: ReadonlyMap<string, string>;
  readonly matter: ReadonlyMap<string, string>;
  readonly item: ReadonlyMap<string, string>;
  readonly department: ReadonlyMap<string, string>;
}

const namesOf = (list: readonly { readonly code: string; readonly name: string }[] | null | undefined): ReadonlyMap<string, string> => new Map((list ?? []).map(({ code, name }) => [code, name]));

function Details({ record, names }: { readonly record: AuditRecord; readonly names: Names }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const items = (codes: readonly string[]): ReactNode => <Flex gap="2px 12px" wrap>{codes.map((code) => <span key={code}><Code>{code}</Code> {names.item.get(code)}</span>)}</Flex>;
  const code = (value: string | null): ReactNode => (value === null ? '—' : <span className="hub-code" style={{ whiteSpace: 'normal', wordBreak: 'break-all' }}>{value}</span>);
  return (
    <Descriptions bordered size="small" column={1} styles={{ label: { width: 140 } }} items={[
      { key: 'at', label: t.at, children: <span className="hub-date">{record.at}</span> },
      { key: 'who', label: t.who, children: <>{record.consumer === null ? '' : names.consumer.get(record.consumer)} {code(record.consumer ?? record.administrator)}</> },
      { key: 'department', label: t.department, children: <>{names.department.get(record.departmentCode ?? '')} {code(record.departmentCode)}</> },
      ...(record.behalf === null ? [] : [{ key: 'behalf', label: t.behalf, children: code(record.behalf) }]),
      { key: 'operator', label: t.operator, children: record.operator === null ? '—' : <>{record.operator} <Typography.Text type="secondary">{record.operatorVerified ? t.verified : t.unverified}</Typography.Text></> },
      { key: 'purpose', label: t.purpose, children: record.matter === null ? '—' : <>{names.matter.get(record.matter)} {code(record.matter)} {record.caseNo}</> },
      { key: 'roots', label: t.roots, children: code(record.roots.join(' ')) },
      { key: 'outcome', label: t.outcome, children: <>{text(outcomeNames[record.outcome] ?? { zh: record.outcome, en: record.outcome })}{record.reason !== null && <div lang="en">{record.reason}</div>}</> },
      { key: 'delivered', label: t.deliveredItems, children: record.delivered.length === 0 ? '—' : record.delivered.map(({ recordType, items: codes }) => <div key={recordType}><Typography.Text strong>{text(recordTypeNames[recordType] ?? { zh: recordType, en: recordType })}</Typography.Text>{items(codes)}</div>) },
      { key: 'foundBy', label: t.foundBy, children: record.foundBy.length === 0 ? '—' : items(record.foundBy) },
      { key: 'withheld', label: t.withheld, children: record.withheld.length === 0 ? '—' : record.withheld.map(({ at, item, because }) => <div key={`${at} ${item}`}><Code>{at}</Code> <Code>{item}</Code> <span lang="en">{because}</span></div>) },
      { key: 'rows', label: t.rows, children: numberOf(record.rows) },
      { key: 'subjects', label: t.subjectKeys, children: record.subjects.length === 0 ? '—' : record.subjects.map((key) => <div key={key}>{code(key)}</div>) },
      { key: 'document', label: t.document, children: code(record.document) },
      { key: 'variables', label: t.variables, children: code(record.variables) },
      { key: 'policy', label: t.policy, children: record.policy },
      { key: 'took', label: t.took, children: t.ms((Number(record.micros) / 1000).toFixed(1)) },
      { key: 'request', label: t.request, children: code(record.requestId) },
      { key: 'record', label: t.record, children: code(record.id) },
    ]} />
  );
}

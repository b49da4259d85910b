/**
 * What a draft has beside its facts: what it stands on, who takes part, and what the clerk types in.
 */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, Flex, Form, Input, InputNumber, Select, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { useTexts } from '../../language/language.tsx';
import { claimTypes, freeName } from './definition.ts';
import type { Claim, Definition, Faults, Role } from './definition.ts';
import { Field } from './field.tsx';
import { texts } from './texts.ts';

interface PartFormProps {
  readonly definition: Definition;
  readonly faults: Faults;
  readonly onChange: (change: Partial<Definition>) => void;
}

/** Legal basis, code, days. */
export function MatterForm({ definition: { legalBasis, implementationCode, followedDays }, faults, onChange }: PartFormProps): ReactNode {
  const t = useTexts(texts);
  return (
    <Form component={false}>
      <Field label={t.basis} id="matter-basis" fault={faults.get('legalBasis')}><Input.TextArea id="matter-basis" autoSize={{ minRows: 2 }} value={legalBasis} onChange={({ target }) => onChange({ legalBasis: target.value })} /></Field>
      <Flex gap={16} wrap>
        <Field label={t.implementationCode} id="matter-code" fault={faults.get('implementationCode')} help={t.implementationCodeHelp} flex="2 1 320px"><Input id="matter-code" value={implementationCode ?? ''} onChange={({ target }) => onChange({ implementationCode: target.value === '' ? null : target.value })} /></Field>
        <Field label={t.followedDays} id="matter-days" fault={faults.get('followedDays')} help={t.followedDaysHelp} flex="1 1 240px"><InputNumber id="matter-days" min={1} max={1830} value={followedDays ?? null} onChange={(days) => onChange({ followedDays: days ?? undefined } as Partial<Definition>)} /></Field>
      </Flex>
    </Form>
  );
}

/** What is wrong with one cell, below it. */
const Fault = ({ says }: { readonly says: string | undefined }): ReactNode => says !== undefined && <Typography.Text type="danger" role="alert" style={{ fontSize: 13 }}>{says}</Typography.Text>;

/** Roles. */
export function SubjectsForm({ definition: { subjects }, faults, onChange }: PartFormProps): ReactNode {
  const t = useTexts(texts);
  const set = (i: number, change: Partial<Role>): void => onChange({ subjects: subjects.map((own, at) => (at === i ? { ...own, ...change } : own)) });
  const columns: TableColumnsType<Role> = [
    { title: t.role, key: 'role', width: 170, render: (_value, own, i) => <><Input aria-label={t.role} value={own.role} onChange={({ target }) => set(i, { role: target.value })} /><Fault says={faults.get(`subjects[${i}].role`)} /></> },
    { title: t.name, key: 'name', render: (_value, own, i) => <><Input aria-label={t.name} value={own.name} onChange={({ target }) => set(i, { name: target.value })} /><Fault says={faults.get(`subjects[${i}].name`)} /></> },
    { title: t.type, key: 'type', width: 180, render: (_value, own, i) => <><Input aria-label={t.type} value={own.type} onChange={({ target }) => set(i, { type: target.value })} /><Fault says={faults.get(`subjects[${i}].type`)} /></> },
    { title: t.many, key: 'many', width: 84, render: (_value, own, i) => <Checkbox aria-label={t.many} checked={own.many} onChange={({ target }) => set(i, { many: target.checked })} /> },
    { title: t.optional, key: 'optional', width: 84, render: (_value, own, i) => <Checkbox aria-label={t.optional} checked={own.optional} onChange={({ target }) => set(i, { optional: target.checked })} /> },
    { title: '', key: 'remove', width: 48, render: (_value, _own, i) => <Button type="text" danger size="small" aria-label={t.remove} icon={<DeleteOutlined />} disabled={subjects.length === 1} onClick={() => onChange({ subjects: subjects.toSpliced(i, 1) })} /> },
  ];
  const add = (): void => onChange({ subjects: [...subjects, { role: freeName('role', subjects.map(({ role }) => role)), name: '', type: 'Person', many: false, optional: true }] });
  return <List<Role> columns={columns} rows={subjects} onAdd={add} />;
}

/** What is typed in. */
export function ClaimsForm({ definition: { claims }, faults, onChange }: PartFormProps): ReactNode {
  const t = useTexts(texts);
  const set = (i: number, change: Partial<Claim>): void => onChange({ claims: claims.map((own, at) => (at === i ? { ...own, ...change } : own)) });
  const columns: TableColumnsType<Claim> = [
    { title: t.claimName, key: 'name', width: 220, render: (_value, own, i) => <><Input aria-label={t.claimName} value={own.name} onChange={({ target }) => set(i, { name: target.value })} /><Fault says={faults.get(`claims[${i}].name`)} /></> },
    { title: t.claimTitle, key: 'title', render: (_value, own, i) => <><Input aria-label={t.claimTitle} value={own.title} onChange={({ target }) => set(i, { title: target.value })} /><Fault says={faults.get(`claims[${i}].title`)} /></> },
    { title: t.claimType, key: 'type', width: 140, render: (_value, own, i) => <Select aria-label={t.claimType} value={own.type} style={{ width: '100%' }} onChange={(type: Claim['type']) => set(i, { type })} options={claimTypes.map((value) => ({ value, label: value }))} /> },
    { title: '', key: 'remove', width: 48, render: (_value, _own, i) => <Button type="text" danger size="small" aria-label={t.remove} icon={<DeleteOutlined />} onClick={() => onChange({ claims: claims.toSpliced(i, 1) })} /> },
  ];
  const add = (): void => onChange({ claims: [...claims, { name: freeName('claim', claims.map(({ name }) => name)), title: '', type: 'String' }] });
  return <List<Claim> columns={columns} rows={claims} onAdd={add} />;
}

interface ListProps<Row> {
  readonly columns: TableColumnsType<Row>;
  readonly rows: readonly Row[];
  readonly onAdd: () => void;
}

function List<Row extends object>({ columns, rows, onAdd }: ListProps<Row>): ReactNode {
  const t = useTexts(texts);
  // Rows are told apart by where they are: their names are what is edited.
  return (
    <>
      <Table<Row> size="small" rowKey={(row) => String(rows.indexOf(row))} columns={columns} dataSource={[...rows]} pagination={false} locale={{ emptyText: t.noClaims }} />
      <Button type="dashed" icon={<PlusOutlined />} style={{ margin: '8px 0 16px' }} onClick={onAdd}>{t.add}</Button>
    </>
  );
}

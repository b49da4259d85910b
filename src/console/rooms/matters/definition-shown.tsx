/**
 * A version as it is read: what it stands on, who takes part, what is typed in, and the facts.
 */
import { Descriptions, Flex, Table, Tag, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { useText, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { oneOrTwo } from '../../parts/page.tsx';
import { askedOf } from './definition.ts';
import type { Definition, Fact } from './definition.ts';
import { useMatters } from './matters.ts';
import { formNames, texts } from './texts.ts';

/** The version. */
export function DefinitionShown({ definition: { legalBasis, implementationCode, followedDays, subjects, claims, facts } }: { readonly definition: Definition }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { known } = useMatters();
  const roles = new Map(subjects.map(({ role, name }) => [role, name]));
  const columns: TableColumnsType<Fact> = [
    { title: t.factName, dataIndex: 'name', width: 230, render: (name: string, { code }) => <Flex vertical>{name}<Typography.Text type="secondary" className="hub-code">{code}</Typography.Text></Flex> },
    { title: t.paper, dataIndex: 'paper', width: 160, render: (paper: string | null) => paper ?? '—' },
    { title: t.of, dataIndex: 'of', width: 130, render: (of: string) => roles.get(of) ?? of },
    { title: t.form, dataIndex: 'form', width: 90, render: (form: Fact['form']) => text(formNames[form]) },
    { title: t.asked, key: 'asked', render: (_value, fact) => (fact.form === 'DESK'
      ? t.answeredBy(known?.department(fact.department ?? '') ?? fact.department ?? '', fact.workingDays ?? 0)
      : <span className="hub-code" style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>{askedOf(fact)}</span>) },
  ];
  return (
    <Flex vertical gap={16}>
      <Descriptions bordered size="small" column={oneOrTwo} styles={{ label: { width: 150 } }} items={[
        { key: 'basis', label: t.basis, span: 'filled', children: legalBasis },
        { key: 'subjects', label: t.subjectsPart, span: 'filled', children: <Flex gap={6} wrap>{subjects.map(({ role, name, type, many, optional }) => <Tag key={role} style={{ margin: 0 }}>{[name, <Code key="type">{` ${type}`}</Code>, many && ` · ${t.many}`, optional && ` · ${t.optional}`]}</Tag>)}</Flex> },
        { key: 'claims', label: t.claimsPart, span: 'filled', children: claims.length === 0 ? t.noClaims : <Flex gap={6} wrap>{claims.map(({ name, title }) => <Tag key={name} style={{ margin: 0 }}>{title} <Code>{`claim.${name}`}</Code></Tag>)}</Flex> },
        { key: 'code', label: t.implementationCode, children: implementationCode ?? '—' },
        { key: 'days', label: t.followedDays, children: followedDays ?? '—' },
      ]} />
      <Table<Fact> size="small" rowKey="code" columns={columns} dataSource={[...facts]} scroll={{ x: 900 }} pagination={false} />
    </Flex>
  );
}

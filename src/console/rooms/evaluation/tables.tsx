/**
 * The figures as tables: each department in the period, each month and department, and the grants that were not needed.
 */
import { Flex, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { numberOf, useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { figureGroups, figureOf, sumOf } from './figures.ts';
import type { Evaluation, FigureName, GroupName, Told } from './figures.ts';
import { figureTexts, texts } from './texts.ts';

/** Figures by department, with their sums (each item is one department's, so they add up), or by month and department. */
export function Figures({ rows, months }: { readonly rows: readonly Told[]; readonly months: boolean }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const groups = (Object.keys(figureGroups) as GroupName[]).filter((group) => !months || group !== 'grantsGroup');
  const column = (name: FigureName): TableColumnsType<Told>[number] => ({ title: text(figureTexts[name]), key: name, width: 104, align: 'right', className: 'hub-number', sorter: (a, b) => figureOf(a, name) - figureOf(b, name), render: (_value, row) => numberOf(figureOf(row, name)) });
  const columns: TableColumnsType<Told> = [
    ...(months ? [{ title: t.month, dataIndex: 'month', width: 92, fixed: 'left' as const, className: 'hub-date' }] : []),
    { title: t.department, dataIndex: 'departmentName', width: 220, fixed: 'left', ellipsis: true, render: (name: string) => <Clipped>{name}</Clipped> },
    ...groups.map((group) => ({ title: t[group], key: group, children: figureGroups[group].map(column) })),
  ];
  const all = groups.flatMap((group) => [...figureGroups[group]] as FigureName[]);
  return (
    <Table<Told>
      className="hub-wide" size="small" bordered rowKey={({ month, departmentCode }) => `${month} ${departmentCode}`} columns={columns} dataSource={[...rows]} scroll={{ x: 2200 }} pagination={{ defaultPageSize: 24, size: 'small', hideOnSinglePage: true }}
      summary={() => !months && rows.length > 1 && (
        <Table.Summary.Row>
          <Table.Summary.Cell index={0}><Typography.Text strong>{t.total}</Typography.Text></Table.Summary.Cell>
          {all.map((name, index) => <Table.Summary.Cell key={name} index={index + 1} align="right"><Typography.Text strong className="hub-number">{numberOf(sumOf(rows, name))}</Typography.Text></Table.Summary.Cell>)}
        </Table.Summary.Row>
      )}
    />
  );
}

/** Approvals that were not needed, or not all of them. */
export function Grants({ grants, nameOf }: { readonly grants: Evaluation['grants']; readonly nameOf: (departmentCode: string) => string }): ReactNode {
  const t = useTexts(texts);
  const columns: TableColumnsType<Evaluation['grants'][number]> = [
    { title: t.department, dataIndex: 'departmentCode', width: 220, render: (code: string) => nameOf(code) },
    { title: t.consumer, dataIndex: 'consumer', width: 170, render: (code: string) => <Code>{code}</Code> },
    { title: t.approval, dataIndex: 'approvalNo', width: 170, render: (approvalNo: string) => <Code>{approvalNo}</Code> },
    { title: t.finding, dataIndex: 'kind', width: 110, render: (kind: string) => <StateTag tone={kind === 'UNUSED' ? 'stopped' : 'waits'}>{kind === 'UNUSED' ? t.unused : t.overBroad}</StateTag> },
    { title: t.unusedItems, key: 'unused', render: (_value, { items, unused }) => <Flex vertical gap={2}><span>{t.allItems(unused.length, items.length)}</span><Typography.Text type="secondary"><span className="hub-code" style={{ whiteSpace: 'normal' }}>{unused.join(' ')}</span></Typography.Text></Flex> },
  ];
  return (
    <>
      <Typography.Paragraph type="secondary">{t.grantsNote}</Typography.Paragraph>
      <Table size="small" rowKey={({ consumer, approvalNo }) => `${consumer} ${approvalNo}`} columns={columns} dataSource={[...grants]} scroll={{ x: 900 }} pagination={{ defaultPageSize: 20, size: 'small', hideOnSinglePage: true }} locale={{ emptyText: <Nothing what={t.noGrants} /> }} />
    </>
  );
}

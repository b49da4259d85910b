/**
 * What would be decided about one operation: refused as a whole, or place by place given, masked or withheld, and why.
 */
import { Alert, Flex, Segmented, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ExplainQuery } from '../../generated/graphql.ts';
import { momentOf, useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { namesOfUse } from '../../parts/names.ts';
import { ruleName } from '../../parts/rule-names.ts';
import { texts } from './texts.ts';
import { RowsOf, VerdictTag, verdictOf } from './verdict.tsx';
import type { Verdict } from './verdict.tsx';

type Explanation = NonNullable<ExplainQuery['explain']>;
type Asked = Explanation['asks'][number] & { readonly verdict: Verdict; readonly instead: readonly string[] };

/** See the head of this file. */
export function OperationShown({ explanation: { refused, refusals, asks, asksOfOthers, withheld, until } }: { readonly explanation: Explanation }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [only, setOnly] = useState<Verdict | 'all'>('all');
  const not = new Map(withheld.map((own) => [own.at, own]));
  // A place that takes several items is withheld where one of them is.
  const judged = asks.map((ask): Asked => ({ ...ask, verdict: not.has(ask.at) && (ask.use === 'READ' || ask.use === 'EXIST' || ask.use === 'VERIFY') ? 'withheld' : verdictOf(ask), instead: not.get(ask.at)?.instead ?? [] }));
  const count = (verdict: Verdict): number => judged.filter((ask) => ask.verdict === verdict).length;
  const columns: TableColumnsType<Asked> = [
    { title: t.place, dataIndex: 'at', width: 220, render: (at: string) => <Code>{at}</Code> },
    { title: t.item, key: 'item', width: 150, render: (_value, { item, itemName }) => <Flex vertical><Clipped>{itemName ?? item}</Clipped><Typography.Text type="secondary" className="hub-code">{item}</Typography.Text></Flex> },
    { title: t.use, dataIndex: 'use', width: 96, render: (use: Asked['use']) => text(namesOfUse[use]) },
    { title: t.verdict, key: 'verdict', width: 92, render: (_value, { verdict }) => <VerdictTag verdict={verdict} /> },
    { title: t.rows, key: 'rows', width: 170, render: (_value, { ways }) => <RowsOf ways={ways} /> },
    { title: t.because, key: 'because', render: (_value, { rule, because, apply, instead }) => (
      <Flex vertical>
        <span>{text(ruleName(rule))}</span>
        <Typography.Text type="secondary" lang="en">{because}</Typography.Text>
        {apply !== null && <Typography.Text type="secondary" lang="en">{apply}</Typography.Text>}
        {instead.length > 0 && <Typography.Text type="secondary">{t.instead(instead.join('、'))}</Typography.Text>}
      </Flex>
    ) },
  ];
  return (
    <Flex vertical gap={12}>
      {refused
        ? <Alert type="error" showIcon title={t.refusedWhole} description={refusals.map(({ code, because, at }) => <div key={`${code} ${at} ${because}`}><Code>{code}</Code> {at !== null && <Code>{at}</Code>} <span lang="en">{because}</span></div>)} />
        : judged.length === 0 && asksOfOthers > 0
          ? <Alert type="info" showIcon title={t.noneOfOwn} />
          : <Alert type={count('withheld') > 0 ? 'warning' : 'success'} showIcon title={(asksOfOthers > 0 ? t.ofOwn : t.answered)(count('given') + count('partly'), count('masked'), count('withheld'))} description={until === null ? undefined : t.until(momentOf(until))} />}
      {asksOfOthers > 0 && <Typography.Text type="secondary">{t.othersLeftOut(asksOfOthers)}</Typography.Text>}
      {judged.length > 0 && (
        <>
          <Segmented<Verdict | 'all'> aria-label={t.filter} value={only} onChange={setOnly} style={{ alignSelf: 'flex-start' }} options={(['all', 'given', 'partly', 'masked', 'withheld'] as const).map((value) => ({ value, label: value === 'all' ? `${t.all} ${judged.length}` : `${t[value]} ${count(value)}` }))} />
          <Table<Asked> size="small" rowKey={({ at, use, item }) => `${at} ${use} ${item}`} columns={columns} dataSource={judged.filter(({ verdict }) => only === 'all' || verdict === only)} scroll={{ x: 980 }} pagination={{ defaultPageSize: 50, hideOnSinglePage: true, size: 'small' }} />
        </>
      )}
    </Flex>
  );
}

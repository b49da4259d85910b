/**
 * Who may use an item, and why: the judge's own answer for each application, over all purposes that it may name.
 */
import { Flex, Segmented, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useAsk } from '../../api/ask.ts';
import type { Mode, Use } from '../../generated/enums.ts';
import type { WhoMaySeeQuery } from '../../generated/graphql.ts';
import { dayOf, useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { modeNames, namesOfUse } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Answered } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { WhoMaySee } from './documents.ts';
import { texts } from './texts.ts';

type Access = NonNullable<WhoMaySeeQuery['whoMaySee']>[number];

/** The applications that may, by use and mode. */
export function WhoMay({ item }: { readonly item: string }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [use, setUse] = useState<Use>('READ');
  const [mode, setMode] = useState<Mode>('QUERY');
  const access = useAsk(WhoMaySee, { item, use, mode });
  const columns: TableColumnsType<Access> = [
    { title: t.consumer, key: 'consumer', width: 240, render: (_value, { consumer, consumerName }) => <Flex vertical><Clipped>{consumerName}</Clipped><Typography.Text type="secondary" className="hub-code">{consumer}</Typography.Text></Flex> },
    { title: t.verdict, key: 'verdict', width: 170, render: (_value, { allowed, ways }) => {
      const mask = allowed && ways.every((way) => way.mask !== null) ? ways[0]?.mask : undefined;
      return <StateTag tone={!allowed ? 'stopped' : mask === undefined || mask === null ? 'good' : 'waits'}>{!allowed ? t.refused : mask === undefined || mask === null ? t.allowed : t.masked(mask)}</StateTag>;
    } },
    { title: t.needs, key: 'needs', width: 110, render: (_value, { takesMatter, takesCase }) => [takesMatter && t.needsMatter, takesCase && t.needsCase].filter(Boolean).join('、') || '—' },
    { title: t.approval, key: 'approval', width: 150, render: (_value, { ways }) => (ways.every(({ approvalNo }) => approvalNo === null) ? '—' : [...new Set(ways.flatMap(({ approvalNo }) => (approvalNo === null ? [] : [approvalNo])))].map((no) => <div key={no}><Code>{no}</Code></div>)) },
    { title: t.until, dataIndex: 'until', width: 110, className: 'hub-date', render: (until: string | null) => (until === null ? '—' : dayOf(until)) },
    { title: t.because, dataIndex: 'because', render: (because: string) => <Clipped lines={2} secondary>{because}</Clipped> },
  ];
  return (
    <>
      <Flex gap={16} wrap style={{ margin: '4px 0 12px' }}>
        <Segmented<Use> aria-label={t.use} value={use} onChange={setUse} options={(Object.keys(namesOfUse) as Use[]).map((value) => ({ value, label: text(namesOfUse[value]) }))} />
        <Segmented<Mode> aria-label={t.mode} value={mode} onChange={setMode} options={(Object.keys(modeNames) as Mode[]).map((value) => ({ value, label: text(modeNames[value]) }))} />
      </Flex>
      <Answered by={access}>
        {({ whoMaySee }) => <Table<Access> size="small" rowKey={({ consumer, rule }) => `${consumer} ${rule}`} columns={columns} dataSource={[...whoMaySee ?? []]} scroll={{ x: 900 }} pagination={{ defaultPageSize: 20, hideOnSinglePage: true, size: 'small' }} locale={{ emptyText: <Nothing what={t.nobody} next={t.nobodyNext} /> }} />}
      </Answered>
    </>
  );
}

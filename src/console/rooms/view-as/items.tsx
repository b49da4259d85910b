/**
 * All items that an application may use, under one purpose or another; and those that it is denied by name.
 */
import { Flex, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useAsk } from '../../api/ask.ts';
import type { Mode } from '../../generated/enums.ts';
import type { WhatSeesQuery } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { namesOfUse } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Answered } from '../../parts/problem.tsx';
import { ruleName } from '../../parts/rule-names.ts';
import { SearchBox } from '../../parts/search-box.tsx';
import { WhatSees } from './documents.ts';
import { texts } from './texts.ts';
import { RowsOf, VerdictTag, verdictOf } from './verdict.tsx';

type Access = NonNullable<WhatSeesQuery['whatSees']>[number];

/** See the head of this file. */
export function ItemsShown({ consumer, mode, at }: { readonly consumer: string; readonly mode: Mode; readonly at: string | null }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [words, setWords] = useState('');
  const answer = useAsk(WhatSees, { consumer, mode, at });
  const found = (all: readonly Access[]): Access[] => all.filter(({ item, itemName }) => item.toLowerCase().includes(words.toLowerCase()) || itemName.includes(words));
  const columns: TableColumnsType<Access> = [
    { title: t.item, key: 'item', width: 190, render: (_value, { item, itemName }) => <Flex vertical><Clipped>{itemName}</Clipped><Typography.Text type="secondary" className="hub-code">{item}</Typography.Text></Flex> },
    { title: t.use, dataIndex: 'use', width: 96, render: (use: Access['use']) => text(namesOfUse[use]) },
    { title: t.verdict, key: 'verdict', width: 92, render: (_value, access) => <VerdictTag verdict={verdictOf(access)} /> },
    { title: t.rows, key: 'rows', width: 190, render: (_value, { ways }) => <RowsOf ways={ways} /> },
    { title: t.approval, key: 'approval', width: 150, render: (_value, { ways }) => [...new Set(ways.flatMap(({ approvalNo }) => (approvalNo === null ? [] : [approvalNo])))].map((no) => <div key={no}><Code>{no}</Code></div>) },
    { title: t.needs, key: 'needs', width: 100, render: (_value, { takesMatter, takesCase }) => [takesMatter && t.needsMatter, takesCase && t.needsCase].filter(Boolean).join('、') || '—' },
    { title: t.because, key: 'because', ellipsis: true, render: (_value, { rule, because }) => <Flex vertical><span>{text(ruleName(rule))}</span><Clipped lines={2} secondary>{because}</Clipped></Flex> },
  ];
  return (
    <Answered by={answer}>
      {({ whatSees }) => (
        <Flex vertical gap={12}>
          <SearchBox label={t.search} words={words} onWords={setWords} />
          <Table<Access> size="small" rowKey={({ item, use }) => `${item} ${use}`} columns={columns} dataSource={found(whatSees ?? [])} scroll={{ x: 980 }} pagination={{ defaultPageSize: 20, size: 'small' }} locale={{ emptyText: <Nothing what={t.nothing} next={t.nothingNext} /> }} />
        </Flex>
      )}
    </Answered>
  );
}

/**
 * The audit: how its chain stands, and the search through it. What is searched for stands in the address, but for the number of a person,
 * which is nobody's to find there. Nothing is asked again by itself: every search is in the audit too.
 */
import { Button, Card, Flex, Tooltip } from 'antd';
import { DownloadOutlined } from '@ant-design/icons';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useAsk } from '../../api/ask.ts';
import { useTexts } from '../../language/language.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { ChainState } from './chain-state.tsx';
import { Choices, Records } from './documents.ts';
import { csvOf } from './export.ts';
import { Found } from './found.tsx';
import { SearchForm, subjectOf } from './search-form.tsx';
import { kinds, texts } from './texts.ts';

export default function AuditRoom(): ReactNode {
  const t = useTexts(texts);
  const [search, setSearch] = useSearchParams();
  const [number, setNumber] = useState('');
  const choices = useAsk(Choices, {}, { once: true });
  const said = (name: string): string | null => search.get(name);
  const day = (name: string, time: string): string | null => (said(name) === null ? null : `${said(name)}T${time}+08:00`);
  const records = useAsk(Records, {
    kind: kinds.find((kind) => kind === said('kind')) ?? null, consumer: said('consumer'), administrator: said('administrator'), item: said('item'), matter: said('matter'), outcome: said('outcome'), from: day('from', '00:00:00'), to: day('to', '23:59:59.999'), subject: subjectOf(number), after: said('after'),
  }, { once: true });
  const go = (change: Readonly<Record<string, string | null>>): void => setSearch((before) => {
    for (const [name, value] of Object.entries(change)) {
      if (value === null || value === '') before.delete(name);
      else before.set(name, value);
    }
    return before;
  });
  const nodes = records.data?.auditRecords.nodes ?? [];
  return (
    <Page title={t.title} about={t.about} actions={<Button icon={<DownloadOutlined />} disabled={nodes.length === 0} onClick={() => saveFile(`audit-${new Date().toISOString().slice(0, 10)}.csv`, 'text/csv;charset=utf-8', csvOf(nodes, t))}>{t.exportCsv}</Button>}>
      <Flex vertical gap={16}>
        <ChainState />
        <Card>
          <SearchForm
            choices={choices.data} said={said} number={number} busy={records.isFetching}
            onSearch={(change, subject) => {
              setNumber(subject);
              go({ ...change, after: null });
            }}
          />
          <Answered by={records} rows={8}>
            {({ auditRecords: { nodes: found, endCursor, hasNextPage } }) => (
              <>
                <Found records={found} choices={choices.data} />
                <Flex gap={8} justify="flex-end" style={{ marginTop: 12 }}>
                  {said('after') !== null && <Button onClick={() => go({ after: null })}>{t.first}</Button>}
                  {hasNextPage && <Tooltip title={endCursor}><Button onClick={() => go({ after: endCursor })}>{t.next}</Button></Tooltip>}
                </Flex>
              </>
            )}
          </Answered>
        </Card>
      </Flex>
    </Page>
  );
}

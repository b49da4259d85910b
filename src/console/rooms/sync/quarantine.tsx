/**
 * What of the feed could not be taken: listed without values, tried again, one at a time or many; an entry is opened to be corrected,
 * and only then its text is asked for, once.
 */
import { App, Button, Flex, Select, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useAsk, useChange } from '../../api/ask.ts';
import type { QuarantineState, Registry } from '../../generated/enums.ts';
import { momentOf, useText, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { libraryNames, recordTypeNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { Correction } from './correction.tsx';
import { Entries, Redrive } from './documents.ts';
import type { Entry } from './entry.ts';
import { Source } from './source.tsx';
import { quarantineStateNames, texts } from './texts.ts';

const states: readonly QuarantineState[] = ['POISONED', 'WAITING'];
const libraries = Object.keys(libraryNames) as Registry[];

/** The list, with what can be done about it. */
export function Quarantine(): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { message } = App.useApp();
  const [search, setSearch] = useSearchParams();
  const registry = libraries.find((one) => one === search.get('registry')) ?? null;
  const state = states.find((one) => one === search.get('state')) ?? null;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [open, setOpen] = useState<Entry | null>(null);
  const entries = useAsk(Entries, { registry, state }, { every: 5000 });
  const redrive = useChange(Redrive);
  const filter = (name: string, value: string | undefined): void => setSearch((before) => {
    if (value === undefined) before.delete(name);
    else before.set(name, value);
    return before;
  });
  const tryAgain = async (of: Registry, codes: readonly string[] | null): Promise<void> => {
    const { redriveQuarantined: { tried, taken } } = await redrive.mutateAsync({ registry: of, codes: codes === null ? null : [...codes] });
    setChosen([]);
    void message.info(t.redriven(tried, taken));
  };
  const tryChosen = async (rows: readonly Entry[]): Promise<void> => {
    for (const [of, own] of Map.groupBy(rows.filter(({ code }) => chosen.includes(code)), (row) => row.registry)) await tryAgain(of, own.map(({ code }) => code));
  };
  const columns: TableColumnsType<Entry> = [
    { title: t.registry, dataIndex: 'registry', width: 100, render: (one: Registry) => text(libraryNames[one]) },
    { title: t.type, dataIndex: 'recordType', width: 130, render: (type: string | null) => (type === null ? t.none : text(recordTypeNames[type] ?? { zh: type, en: type })) },
    { title: t.source, dataIndex: 'source', width: 130, render: (source: string | null) => (source === null ? t.none : <Source code={source} />) },
    { title: t.reason, key: 'reason', render: (_value, { field, reason, editedBy }) => <><Code>{field}</Code> <span lang="en">{reason}</span>{editedBy !== null && <div><Typography.Text type="secondary">{t.edited(editedBy)}</Typography.Text></div>}</> },
    { title: t.tries, dataIndex: 'tries', width: 70, align: 'right', className: 'hub-number' },
    { title: t.state, dataIndex: 'state', width: 110, render: (one: QuarantineState) => <StateTag tone={one === 'POISONED' ? 'stopped' : 'waits'}>{text(quarantineStateNames[one] ?? { zh: one, en: one })}</StateTag> },
    { title: t.lastSeen, dataIndex: 'lastSeen', width: 140, className: 'hub-date', render: (at: string) => momentOf(at) },
    { title: '', key: 'open', width: 110, render: (_value, entry) => <Button size="small" onClick={() => setOpen(entry)}>{t.open}</Button> },
  ];
  return (
    <Answered by={entries}>
      {({ quarantinedEntries: rows }) => (
        <>
          {redrive.error !== null && <ProblemShown problem={redrive.error} />}
          <Flex gap={8} wrap style={{ marginBottom: 12 }}>
            <Select<Registry> allowClear placeholder={t.anyRegistry} aria-label={t.registry} style={{ width: 140 }} value={registry} onChange={(value) => filter('registry', value)} options={libraries.map((value) => ({ value, label: text(libraryNames[value]) }))} />
            <Select<QuarantineState> allowClear placeholder={t.anyState} aria-label={t.state} style={{ width: 130 }} value={state} onChange={(value) => filter('state', value)} options={states.map((value) => ({ value, label: text(quarantineStateNames[value] ?? { zh: value, en: value }) }))} />
            <Button type="primary" disabled={chosen.length === 0} loading={redrive.isPending} onClick={() => void tryChosen(rows).catch(() => undefined)}>{t.redrive(chosen.length)}</Button>
            {registry !== null && <Button disabled={rows.length === 0} loading={redrive.isPending} onClick={() => void tryAgain(registry, null).catch(() => undefined)}>{t.redriveAll}</Button>}
          </Flex>
          <div style={{ overflowX: 'auto' }}>
          <Table<Entry> size="small" rowKey="code" columns={columns} dataSource={[...rows]} style={{ minWidth: 860 }} pagination={{ defaultPageSize: 20, size: 'small', hideOnSinglePage: true }}
            rowSelection={{ selectedRowKeys: [...chosen], onChange: (keys) => setChosen(keys.map(String)) }} locale={{ emptyText: <Nothing what={t.empty} next={t.emptyNext} /> }} />
          </div>
          {rows.length === 200 && <Typography.Text type="secondary">{t.limit}</Typography.Text>}
          {open !== null && <Correction key={open.code} entry={open} onClose={() => setOpen(null)} />}
        </>
      )}
    </Answered>
  );
}

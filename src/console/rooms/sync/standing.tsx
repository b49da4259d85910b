/**
 * How each library stands, live: asked every two seconds for as long as somebody looks. What is halted stands above, with what goes on
 * with it for whoever may.
 */
import { Alert, App, Button, Descriptions, Flex, Popconfirm, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useAsk, useChange } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { Registry } from '../../generated/enums.ts';
import type { SyncStandingQuery } from '../../generated/graphql.ts';
import { momentOf, numberOf, useText, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { libraryNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { Resume, Standing as Document } from './documents.ts';
import { breakerNames, texts } from './texts.ts';

type Status = SyncStandingQuery['syncStatus'];
type Followed = Status['registries'][number];
type Row = { readonly registry: Registry; readonly feed: Followed | undefined; readonly queue: Status['queues'][number] | undefined };

const second = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', timeStyle: 'medium' });

/** The standing of all libraries. */
export function Standing(): ReactNode {
  const t = useTexts(texts);
  const standing = useAsk(Document, {}, { every: 2000 });
  return (
    <Answered by={standing}>
      {({ syncStatus: { led, registries, queues } }) => (
        <>
          <Flex justify="space-between" align="center" gap={12} wrap style={{ marginBottom: 12 }}>
            <StateTag tone={led ? 'good' : 'still'}>{led ? t.led : t.notLed}</StateTag>
            <Typography.Text type="secondary" className="hub-date">{t.live(second.format(standing.dataUpdatedAt))}</Typography.Text>
          </Flex>
          {registries.filter(({ halted }) => halted !== null).map((feed) => <Halted key={feed.registry} feed={feed} />)}
          {registries.length === 0 && queues.every(({ conflicts, checks }) => conflicts + checks === 0) ? <Nothing what={t.noUpper} next={t.noUpperNext} /> : <Registries rows={queues.map((queue) => ({ registry: queue.registry, queue, feed: registries.find(({ registry }) => registry === queue.registry) }))} />}
        </>
      )}
    </Answered>
  );
}

function Registries({ rows }: { readonly rows: readonly Row[] }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { role } = useSession();
  const number = { align: 'right' as const, className: 'hub-number' };
  const columns: TableColumnsType<Row> = [
    { title: t.registry, dataIndex: 'registry', width: 120, render: (registry: Registry) => <Typography.Text strong>{text(libraryNames[registry])}</Typography.Text> },
    { title: t.state, key: 'state', width: 140, render: (_value, { feed }) => <StateOf feed={feed} /> },
    { title: t.lagEntries, key: 'lag', width: 110, ...number, render: (_value, { feed }) => (feed === undefined ? t.none : numberOf(feed.lagEntries)) },
    { title: t.lagSeconds, key: 'seconds', width: 110, ...number, render: (_value, { feed }) => (feed === undefined || feed.lagSeconds === null ? t.none : t.seconds(numberOf(feed.lagSeconds))) },
    { title: t.taken, key: 'taken', width: 120, ...number, render: (_value, { feed }) => (feed === undefined ? t.none : numberOf(Number(feed.entries))) },
    { title: t.waitingAndPoisoned, key: 'quarantine', width: 190, ...number, render: (_value, { registry, feed }) => {
      const counts = `${numberOf(feed?.quarantineWaiting ?? 0)} / ${numberOf(feed?.quarantinePoisoned ?? 0)}`;
      return role === 'SYSTEM' && feed !== undefined ? <Link to={`/sync?tab=quarantine&registry=${registry}`}>{counts}</Link> : counts;
    } },
    { title: t.breaker, key: 'breaker', width: 100, render: (_value, { feed }) => (feed === undefined || feed.breaker === null ? t.none : <StateTag tone={feed.breaker === 'CLOSED' ? 'good' : feed.breaker === 'OPEN' ? 'stopped' : 'waits'}>{text(breakerNames[feed.breaker] ?? { zh: feed.breaker, en: feed.breaker })}</StateTag>) },
    { title: t.queue, key: 'queue', width: 130, ...number, render: (_value, { queue }) => `${numberOf(queue?.conflicts ?? 0)} / ${numberOf(queue?.checks ?? 0)}` },
    { title: t.lastSuccess, key: 'success', width: 150, className: 'hub-date', render: (_value, { feed }) => (feed === undefined || feed.lastSuccess === null ? t.none : momentOf(feed.lastSuccess)) },
  ];
  return (
    <Table<Row> size="small" rowKey="registry" columns={columns} dataSource={[...rows]} pagination={false} scroll={{ x: 1100 }}
      expandable={{ rowExpandable: ({ feed }) => feed !== undefined, expandedRowRender: ({ feed }) => feed !== undefined && <Details feed={feed} /> }} />
  );
}

function StateOf({ feed }: { readonly feed: Followed | undefined }): ReactNode {
  const t = useTexts(texts);
  if (feed === undefined) return <StateTag tone="still">{t.idle}</StateTag>;
  if (feed.halted !== null) return <StateTag tone="stopped">{t.halted}</StateTag>;
  if (feed.failures > 0) return <StateTag tone="waits">{t.failing(feed.failures)}</StateTag>;
  return feed.inStep ? <StateTag tone="good">{t.inStep}</StateTag> : <StateTag tone="moving">{t.behind}</StateTag>;
}

function Details({ feed }: { readonly feed: Followed }): ReactNode {
  const t = useTexts(texts);
  return (
    <Descriptions size="small" column={1} styles={{ label: { width: 130 } }} items={[
      { key: 'cursor', label: t.cursor, children: feed.cursor === null ? t.none : <Code copyable>{feed.cursor}</Code> },
      { key: 'epoch', label: t.epoch, children: feed.epoch === null ? t.none : <Code>{feed.epoch}</Code> },
      { key: 'failure', label: t.failure, children: feed.failure === null || feed.lastFailure === null ? t.none : <><span className="hub-date">{momentOf(feed.lastFailure)}</span> <span lang="en">{feed.failure}</span></> },
      { key: 'reconcile', label: t.reconcile, children: feed.reconcileDue === null ? t.none : <span lang="en">{feed.reconcileDue}</span> },
    ]} />
  );
}

function Halted({ feed }: { readonly feed: Followed }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { message } = App.useApp();
  const { role } = useSession();
  const resume = useChange(Resume);
  const go = (allowDeletes: boolean): void => resume.mutate({ registry: feed.registry, allowDeletes }, { onSuccess: () => void message.success(t.resumed) });
  return (
    <>
      {resume.error !== null && <ProblemShown problem={resume.error} />}
      <Alert type="error" showIcon style={{ marginBottom: 12 }} title={t.haltedTitle(text(libraryNames[feed.registry]))} description={<span lang="en">{feed.halted}</span>} action={role === 'SYSTEM' && (
        <Flex vertical gap={8}>
          <Popconfirm title={t.resumeAsk} okText={t.resume} cancelText={t.cancel} onConfirm={() => go(false)}><Button size="small" loading={resume.isPending}>{t.resume}</Button></Popconfirm>
          <Popconfirm title={t.resumeAsk} okText={t.resumeDeletes} cancelText={t.cancel} onConfirm={() => go(true)}><Button size="small" danger>{t.resumeDeletes}</Button></Popconfirm>
        </Flex>
      )} />
    </>
  );
}

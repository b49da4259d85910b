/**
 * The inbox: what waits for one's department first, the most pressing on top; then everything else one is concerned with.
 */
import { PlusOutlined } from '@ant-design/icons';
import { Button, Card, Flex, Segmented, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useAsk } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { ApplicationState } from '../../generated/enums.ts';
import type { ApplicationsQuery } from '../../generated/graphql.ts';
import { useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { DeadlineLight, pressing } from '../../parts/deadline-light.tsx';
import { useDirectory } from '../../parts/directory.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { ApplicationStateTag } from '../../parts/state-tag.tsx';
import { Applications } from './documents.ts';
import { waitsFor } from './moves.ts';
import { texts } from './texts.ts';

type Listed = ApplicationsQuery['applications']['nodes'][number];
type View = 'todo' | 'mine' | 'provided' | 'all';

/** States in which somebody has to act before anything is in force. */
const underWay: readonly ApplicationState[] = ['DRAFT', 'SUBMITTED', 'RETURNED', 'REVIEWING'];

/** The room's first page. */
export function InboxPage(): ReactNode {
  const t = useTexts(texts);
  const session = useSession();
  const go = useNavigate();
  const [search, setSearch] = useSearchParams();
  const isSteward = session.role === 'STEWARD';
  const view = (search.get('view') ?? (isSteward ? 'todo' : 'all')) as View;
  const after = search.get('after');
  const answer = useAsk(Applications, {
    as: view === 'mine' ? 'APPLICANT' : view === 'provided' ? 'PROVIDER' : null,
    states: view === 'todo' ? [...underWay] : null,
    first: view === 'todo' ? 100 : 50,
    after,
  }, { every: 60_000 });
  const views: readonly View[] = isSteward ? ['todo', 'mine', 'provided', 'all'] : ['all'];
  return (
    <Page title={t.title} about={t.about} actions={isSteward && <Button type="primary" icon={<PlusOutlined />} onClick={() => void go('/applications/new')}>{t.apply}</Button>}>
      <Card styles={{ body: { paddingTop: 14 } }}>
        {views.length > 1 && <Segmented<View> style={{ marginBottom: 12 }} value={view} onChange={(next) => setSearch({ view: next })} options={views.map((value) => ({ value, label: t[value] }))} />}
        <Answered by={answer}>
          {({ applications: { nodes, endCursor, hasNextPage } }) => {
            const rows = view === 'todo' ? nodes.filter((own) => waitsFor(session, own)) : nodes;
            return (
              <>
                <List rows={rows} empty={view === 'todo' ? <Nothing what={t.nothingToDo} /> : <Nothing what={t.nothing} next={t.nothingNext} />} />
                <Flex justify="flex-end" gap={8} style={{ marginTop: 12 }}>
                  {after !== null && <Button onClick={() => setSearch({ view })}>{t.first}</Button>}
                  {hasNextPage && endCursor !== null && <Button onClick={() => setSearch({ view, after: endCursor })}>{t.more}</Button>}
                </Flex>
              </>
            );
          }}
        </Answered>
      </Card>
    </Page>
  );
}

/** The most pressing first, what has no deadline last. */
const byUrgency = (a: Listed, b: Listed): number => (pressing(a.deadlines)?.dueOn ?? '9999').localeCompare(pressing(b.deadlines)?.dueOn ?? '9999');

function List({ rows, empty }: { readonly rows: readonly Listed[]; readonly empty: ReactNode }): ReactNode {
  const t = useTexts(texts);
  const names = useDirectory();
  const columns: TableColumnsType<Listed> = [
    { title: t.number, dataIndex: 'number', width: 150, fixed: 'left', render: (number: string) => <Link to={`/applications/${encodeURIComponent(number)}`}><Code>{number}</Code></Link> },
    { title: t.deadline, key: 'deadline', width: 110, sorter: byUrgency, render: (_value, { deadlines }) => <DeadlineLight deadline={pressing(deadlines)} /> },
    { title: t.state, dataIndex: 'state', width: 120, render: (state: ApplicationState) => <ApplicationStateTag state={state} /> },
    { title: t.applicant, key: 'applicant', width: 220, render: (_value, { consumer, departmentCode }) => <Flex vertical><Clipped>{names.consumer(consumer)}</Clipped><Typography.Text type="secondary" ellipsis style={{ fontSize: 12 }}>{names.department(departmentCode)}</Typography.Text></Flex> },
    { title: t.purpose, dataIndex: 'purpose', render: (purpose: string) => <Clipped lines={2}>{purpose}</Clipped> },
    { title: t.items, key: 'items', width: 80, align: 'right', className: 'hub-number', render: (_value, { lines }) => lines.length },
    { title: t.validTo, dataIndex: 'validTo', width: 110, className: 'hub-date' },
  ];
  return <Table<Listed> size="small" rowKey="number" columns={columns} dataSource={rows.toSorted(byUrgency)} pagination={false} scroll={{ x: 900 }} locale={{ emptyText: empty }} />;
}

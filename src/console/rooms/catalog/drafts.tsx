/**
 * The drafts of the catalog: what waits to be published, and what became of it.
 */
import { Table } from 'antd';
import type { TableColumnsType } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useAsk } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { DraftState } from '../../generated/enums.ts';
import type { CatalogDraftsQuery } from '../../generated/graphql.ts';
import { momentOf, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { useDirectory } from '../../parts/directory.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Answered } from '../../parts/problem.tsx';
import { DraftStateTag } from '../../parts/state-tag.tsx';
import type { Whole } from './catalog.ts';
import { CatalogDrafts } from './documents.ts';
import { editTexts } from './edit-texts.ts';
import { formOfDraft } from './form.ts';

export type Draft = NonNullable<CatalogDraftsQuery['catalogDrafts']>[number];

/** Where a draft's page is. */
export const draftPath = (number: string): string => `/catalog/drafts/${encodeURIComponent(number)}`;

/** What waits for somebody first, then the latest. */
const order: readonly DraftState[] = ['SUBMITTED', 'RETURNED', 'DRAFT', 'PUBLISHED', 'ABANDONED'];

/** The list. */
export function Drafts({ whole }: { readonly whole: Whole }): ReactNode {
  const t = useTexts(editTexts);
  const names = useDirectory();
  const answer = useAsk(CatalogDrafts, {});
  const { role } = useSession();
  const columns: TableColumnsType<Draft> = [
    { title: t.number, dataIndex: 'number', width: 150, render: (number: string) => <Link to={draftPath(number)}><Code>{number}</Code></Link> },
    { title: t.state, dataIndex: 'state', width: 100, render: (state: DraftState) => <DraftStateTag state={state} /> },
    { title: t.resource, key: 'resource', render: (_value, { resource, content }) => <Clipped>{`${formOfDraft(content)?.name ?? whole.resource.get(resource)?.name ?? ''} ${resource}`}</Clipped> },
    { title: t.what, key: 'what', width: 130, render: (_value, { withdraws }) => (withdraws ? t.withdrawal : t.change) },
    { title: t.department, dataIndex: 'departmentCode', width: 190, render: (code: string) => <Clipped>{names.department(code)}</Clipped> },
    { title: t.last, key: 'last', width: 150, className: 'hub-date', render: (_value, { moves }) => momentOf(moves.at(-1)?.at ?? '') },
  ];
  return (
    <Answered by={answer}>
      {({ catalogDrafts }) => <Table<Draft> size="small" rowKey="number" columns={columns} dataSource={(catalogDrafts ?? []).toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || b.number.localeCompare(a.number))} scroll={{ x: 900 }} pagination={{ defaultPageSize: 20, hideOnSinglePage: true, size: 'small' }} locale={{ emptyText: <Nothing what={t.noDrafts} next={role === 'STEWARD' ? t.noDraftsNext : t.noDraftsOversees} /> }} />}
    </Answered>
  );
}

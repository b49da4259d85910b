/**
 * One draft: what it changes of the catalog as it is, and the moves that are one's own.
 */
import { App, Button, Card, Flex, Form, Input, Modal, Table, Timeline, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useAsk, useChange } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { Session } from '../../api/session.ts';
import { momentOf, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { DraftStateTag, StateTag } from '../../parts/state-tag.tsx';
import { resourcePath, useCatalog } from './catalog.ts';
import type { Whole } from './catalog.ts';
import { CatalogDrafts, draftMoves } from './documents.ts';
import { draftPath } from './drafts.tsx';
import type { Draft } from './drafts.tsx';
import { editTexts } from './edit-texts.ts';
import { differences, formOfDraft, resourceForm } from './form.ts';
import type { Difference } from './form.ts';

type Verb = keyof typeof draftMoves;

/** The moves that are this session's: the hub's table (src/catalog/moves.ts), as far as it decides which buttons there are. */
function movesOf({ role, authority, departmentCode, administrator }: Session, draft: Draft): readonly Verb[] {
  if (role !== 'STEWARD') return [];
  const owner = departmentCode === draft.departmentCode;
  const drafted = draft.moves.some(({ verb, by }) => by === administrator && (verb === 'draft' || verb === 'edit'));
  return [
    ...(authority && draft.state === 'SUBMITTED' && !drafted ? ['publish', 'return'] as const : []),
    ...(owner && (draft.state === 'DRAFT' || draft.state === 'RETURNED') ? ['submit'] as const : []),
    ...(owner && ['DRAFT', 'RETURNED', 'SUBMITTED'].includes(draft.state) ? ['abandon'] as const : []),
  ];
}

/** The page. */
export function DraftPage(): ReactNode {
  const t = useTexts(editTexts);
  const { number = '' } = useParams();
  const session = useSession();
  const go = useNavigate();
  const answer = useAsk(CatalogDrafts, {});
  const { whole } = useCatalog();
  const [chosen, setChosen] = useState<Verb | null>(null);
  const draft = answer.data?.catalogDrafts?.find((own) => own.number === number);
  const mine = draft === undefined ? [] : movesOf(session, draft);
  const edits = draft !== undefined && !draft.withdraws && mine.includes('submit');
  return (
    <Page
      title={number}
      above={[{ title: t.catalog, to: '/catalog' }, { title: t.drafts, to: '/catalog?list=drafts' }]}
      state={draft && <DraftStateTag state={draft.state} />}
      actions={draft && <>{mine.map((verb) => <Button key={verb} type={verb === 'publish' || verb === 'submit' ? 'primary' : 'default'} danger={verb === 'abandon'} onClick={() => setChosen(verb)}>{t[verb]}</Button>)}{edits && <Button onClick={() => void go(`${draftPath(number)}/edit`)}>{t.editDraft}</Button>}</>}
    >
      <Answered by={answer}>
        {() => (draft === undefined ? <Card><Nothing what={t.missingDraft(number)} /></Card> : whole && (
          <Flex vertical gap={16}>
            <Changes draft={draft} whole={whole} />
            <Card title={t.history}>
              <Timeline items={draft.moves.toReversed().map(({ verb, at, by, words }, i) => ({ color: i === 0 ? 'blue' : 'gray', content: (
                <>
                  <Flex gap={10} wrap align="baseline"><Typography.Text strong>{verb in t ? String(t[verb as Verb]) : verb}</Typography.Text><Typography.Text type="secondary" className="hub-date">{momentOf(at)}</Typography.Text><Typography.Text type="secondary">{by}</Typography.Text></Flex>
                  {words !== null && words !== '' && <Typography.Paragraph style={{ margin: '4px 0 0' }}>{words}</Typography.Paragraph>}
                </>
              ) }))} />
            </Card>
          </Flex>
        ))}
      </Answered>
      {draft !== undefined && chosen !== null && <Asking draft={draft} verb={chosen} leave={() => setChosen(null)} />}
    </Page>
  );
}

function Changes({ draft, whole }: { readonly draft: Draft; readonly whole: Whole }): ReactNode {
  const t = useTexts(editTexts);
  const form = formOfDraft(draft.content);
  const now = whole.resource.get(draft.resource);
  const rows = useMemo(() => (form === null ? [] : differences(now === undefined ? null : resourceForm(now, whole.items.filter((item) => item.resource === now.code && item.ownerDepartmentCode === draft.departmentCode)), form)), [form, now, whole, draft]);
  const kinds = { new: [t.isNew, 'good'], gone: [t.isGone, 'stopped'], changed: [t.changed, 'waits'] } as const;
  const columns: TableColumnsType<Difference> = [
    { title: t.what, key: 'what', width: 240, render: (_value, { item, field }) => <Flex gap={8} wrap align="baseline">{item !== null && <Code>{item}</Code>}{field === null ? t.name : field in t ? String(t[field as 'name']) : field}</Flex> },
    { title: t.state, key: 'kind', width: 90, render: (_value, { kind }) => <StateTag tone={kinds[kind][1]}>{kinds[kind][0]}</StateTag> },
    { title: t.nowIs, dataIndex: 'before', render: (before: string) => <Clipped lines={3} secondary>{before === '' ? '—' : before}</Clipped> },
    { title: t.willBe, dataIndex: 'after', render: (after: string) => <Clipped lines={3}>{after === '' ? '—' : after}</Clipped> },
  ];
  return (
    <Card title={t.differences} extra={now !== undefined && <Link to={resourcePath(now.code)}>{now.name}</Link>} styles={{ body: { paddingTop: 12 } }}>
      {form === null
        ? <Flex vertical gap={8} align="flex-start"><StateTag tone="stopped">{t.withdrawal}</StateTag><Typography.Text>{t.basis}：{draft.basis}</Typography.Text></Flex>
        : <Table<Difference> size="small" rowKey="key" columns={columns} dataSource={[...rows]} scroll={{ x: 800 }} pagination={{ defaultPageSize: 50, hideOnSinglePage: true, size: 'small' }} locale={{ emptyText: <Nothing what={t.same} /> }} />}
    </Card>
  );
}

function Asking({ draft: { number, version }, verb, leave }: { readonly draft: Draft; readonly verb: Verb; readonly leave: () => void }): ReactNode {
  const t = useTexts(editTexts);
  const { message } = App.useApp();
  const [form] = Form.useForm<{ words?: string }>();
  // What takes words is never sent without: the form sees to it.
  const change = useChange(draftMoves[verb] as typeof draftMoves.return);
  const send = ({ words = '' }: { words?: string }): void => change.mutate({ number, version, words: (words.trim() === '' ? null : words.trim()) as string }, {
    onSuccess: () => {
      void message.success(t.done);
      leave();
    },
  });
  return (
    <Modal open title={`${t[verb]} · ${number}`} okText={t[verb]} cancelText={t.cancel} okButtonProps={{ danger: verb === 'abandon', loading: change.isPending }} onOk={() => form.submit()} onCancel={leave}>
      {change.error && <ProblemShown problem={change.error} />}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send}>
        <Form.Item name="words" label={verb === 'return' ? t.words : t.wordsOptional} rules={verb === 'return' ? [{ required: true, whitespace: true, message: t.wordsMissing }] : []}><Input.TextArea autoFocus autoSize={{ minRows: 3, maxRows: 8 }} maxLength={500} showCount /></Form.Item>
      </Form>
    </Modal>
  );
}

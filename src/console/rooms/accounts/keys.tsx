/**
 * Keys of a holder: how many work and until when, each with its term, and issuing, rotating and ending them. A key itself is shown
 * once, to whoever issued it, and nowhere else.
 */
import { MoreOutlined } from '@ant-design/icons';
import { App, Button, Dropdown, Flex, Form, InputNumber, Modal, Table, Tag, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import { dayOf, momentOf, useTexts } from '../../language/language.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { holderInput } from './admitted.ts';
import type { Holder, KeyTerm, TokenLink } from './admitted.ts';
import { IssueKey, RevokeKeys, RotateKeys } from './documents.ts';
import type { Secret } from './shown-once.tsx';
import { texts } from './texts.ts';
import { LinkForm, LinksShown } from './token-links.tsx';

/** How many work, and when the first of them ends. */
export function KeysState({ keys, links }: { readonly keys: readonly KeyTerm[]; readonly links: number }): ReactNode {
  const t = useTexts(texts);
  const working = keys.filter(({ inForce }) => inForce);
  const [first] = working.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt])).toSorted();
  return (
    <Flex gap={6} align="center" wrap>
      <StateTag tone={working.length > 0 ? 'good' : 'still'}>{working.length > 0 ? t.keysInForce(working.length) : t.keysNone}</StateTag>
      {working.length > 0 && <Typography.Text type="secondary" className="hub-date" style={{ fontSize: 12 }}>{first === undefined ? t.noEnd : `${t.expiresAt} ${dayOf(first)}`}</Typography.Text>}
      {links > 0 && <Tag style={{ margin: 0 }}>{t.links} {links}</Tag>}
    </Flex>
  );
}

/** Each with its term. */
export function KeysShown({ keys, links }: { readonly keys: readonly KeyTerm[]; readonly links: readonly TokenLink[] }): ReactNode {
  const t = useTexts(texts);
  const moment = (at: string | null): string => (at === null ? '—' : momentOf(at));
  const columns: TableColumnsType<KeyTerm> = [
    { title: t.issuedAt, dataIndex: 'issuedAt', width: 160, className: 'hub-date', render: moment },
    { title: t.expiresAt, dataIndex: 'expiresAt', width: 160, className: 'hub-date', render: (at: string | null) => (at === null ? t.noEnd : momentOf(at)) },
    { title: t.revokedAt, dataIndex: 'revokedAt', width: 160, className: 'hub-date', render: moment },
    { title: t.state, dataIndex: 'inForce', render: (inForce: boolean) => <StateTag tone={inForce ? 'good' : 'still'}>{inForce ? t.inForce : t.ended}</StateTag> },
  ];
  return (
    <Flex vertical gap={8} style={{ maxWidth: 720 }}>
      <Table<KeyTerm> size="small" rowKey={(key) => String(keys.indexOf(key))} columns={columns} dataSource={[...keys]} pagination={false} locale={{ emptyText: t.noKeys }} />
      {links.length > 0 && <LinksShown links={links} />}
    </Flex>
  );
}

interface KeyActionsProps {
  readonly holder: Holder;
  readonly keys: readonly KeyTerm[];
  readonly onSecret: (secret: Secret) => void;
  readonly more?: readonly { readonly key: string; readonly label: string; readonly onClick: () => void }[];
}

/** What can be done with them. */
export function KeyActions({ holder, keys, onSecret, more = [] }: KeyActionsProps): ReactNode {
  const t = useTexts(texts);
  const { modal, message } = App.useApp();
  const revoke = useChange(RevokeKeys);
  const [making, setMaking] = useState<Making | null>(null);
  const [linking, setLinking] = useState(false);
  const end = (): void => void modal.confirm({
    title: t.revokeAsk(holder.name), content: t.revokeWhy, okText: t.revoke, cancelText: t.cancel, okButtonProps: { danger: true },
    onOk: () => revoke.mutateAsync({ holder: holderInput(holder) })
      .then(({ revokeKeys }) => void message.success(t.revoked(revokeKeys ?? 0)), (problem: unknown) => void modal.error({ title: t.revoke, content: <ProblemShown problem={problem as never} /> })),
  });
  const works = keys.some(({ inForce }) => inForce);
  const items = [
    { key: 'issue', label: t.issue, onClick: () => setMaking('issue') },
    ...(works ? [{ key: 'rotate', label: t.rotate, onClick: () => setMaking('rotate') }] : []),
    { key: 'link', label: t.link, onClick: () => setLinking(true) },
    ...more,
    ...(works ? [{ type: 'divider' as const }, { key: 'revoke', danger: true, label: t.revoke, onClick: end }] : []),
  ];
  return (
    <>
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight"><Button type="text" size="small" aria-label={t.more(holder.name)} aria-haspopup="menu" icon={<MoreOutlined />} /></Dropdown>
      {linking && <LinkForm holder={holder} onDone={() => setLinking(false)} />}
      {making !== null && <MakeKey making={making} holder={holder} onSecret={onSecret} onDone={() => setMaking(null)} />}
    </>
  );
}

type Making = 'issue' | 'rotate';

interface Given {
  readonly days: number | null;
  readonly overlapHours: number;
}

interface MakeKeyProps {
  readonly making: Making;
  readonly holder: Holder;
  readonly onSecret: (secret: Secret) => void;
  readonly onDone: () => void;
}

function MakeKey({ making, holder, onSecret, onDone }: MakeKeyProps): ReactNode {
  const t = useTexts(texts);
  const [form] = Form.useForm<Given>();
  const issue = useChange(IssueKey);
  const rotate = useChange(RotateKeys);
  const used = making === 'issue' ? issue : rotate;
  const show = (made: { readonly key: string } | null): void => {
    onDone();
    if (made !== null) onSecret({ title: t.keyTitle, about: t.keyFor(`${holder.name}（${holder.code}）`), value: made.key });
  };
  const send = ({ days, overlapHours }: Given): void => {
    if (making === 'issue') issue.mutate({ holder: holderInput(holder), days }, { onSuccess: ({ issueKey }) => show(issueKey) });
    else rotate.mutate({ holder: holderInput(holder), days, overlapHours }, { onSuccess: ({ rotateKeys }) => show(rotateKeys) });
  };
  return (
    <Modal open title={`${t[making]} · ${holder.name}`} okText={t[making]} cancelText={t.cancel} onOk={() => form.submit()} onCancel={onDone} confirmLoading={used.isPending}>
      {used.error && <ProblemShown problem={used.error} />}
      <Form<Given> name="key" form={form} layout="vertical" onFinish={send} initialValues={{ days: 365, overlapHours: 24 }}>
        <Form.Item name="days" label={t.days} extra={t.daysHelp}><InputNumber min={1} precision={0} style={{ width: 160 }} /></Form.Item>
        {making === 'rotate' && <Form.Item name="overlapHours" label={t.overlap} extra={t.overlapHelp} rules={[{ required: true, message: t.required }]}><InputNumber min={0} precision={0} style={{ width: 160 }} /></Form.Item>}
      </Form>
    </Modal>
  );
}

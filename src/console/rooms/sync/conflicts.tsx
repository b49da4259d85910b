/**
 * What two sources tell otherwise of one field, for whoever provides the item: what holds stays, or its source has it checked. No values
 * are shown: administrators read no records. The other word is taken by an application of the providing department.
 */
import { App, Button, Flex, Form, Input, Modal, Select, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useAsk, useChange } from '../../api/ask.ts';
import type { ConflictState } from '../../generated/enums.ts';
import type { ConflictsQuery } from '../../generated/graphql.ts';
import { momentOf, useText, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { recordTypeNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import type { Tone } from '../../parts/state-tag.tsx';
import { Conflicts as Document, Keep, RequestCheck } from './documents.ts';
import { conflictStateNames, texts } from './texts.ts';

type Conflict = ConflictsQuery['conflicts']['nodes'][number];
type Verb = 'keep' | 'check';

const tones: Readonly<Record<ConflictState, Tone>> = { OPEN: 'waits', KEPT: 'good', CHECKING: 'moving', TAKEN: 'good', SETTLED: 'still' };
const states = Object.keys(tones) as ConflictState[];

/** The queue. */
export function Conflicts(): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const state = states.find((one) => one === search.get('state')) ?? null;
  const conflicts = useAsk(Document, { state, after: search.get('after') });
  const [deciding, setDeciding] = useState<{ readonly verb: Verb; readonly conflict: Conflict } | null>(null);
  const go = (change: Readonly<Record<string, string | null>>): void => setSearch((before) => {
    for (const [name, value] of Object.entries(change)) {
      if (value === null) before.delete(name);
      else before.set(name, value);
    }
    return before;
  });
  const word = (source: string, version: string, holds: string): ReactNode => <Flex gap={6} align="center" wrap><Code>{source}</Code><Typography.Text type="secondary">{version}</Typography.Text>{source === holds && <StateTag tone="good">{t.holds}</StateTag>}</Flex>;
  const columns: TableColumnsType<Conflict> = [
    { title: t.type, dataIndex: 'type', width: 130, render: (type: string) => text(recordTypeNames[type] ?? { zh: type, en: type }) },
    { title: t.field, dataIndex: 'field', width: 150, render: (field: string) => <Code>{field}</Code> },
    { title: t.own, key: 'own', width: 190, render: (_value, { ownSource, ownVersion, holds }) => word(ownSource, ownVersion, holds) },
    { title: t.other, key: 'other', width: 190, render: (_value, { otherSource, otherVersion, holds }) => word(otherSource, otherVersion, holds) },
    { title: t.state, dataIndex: 'state', width: 110, render: (one: ConflictState) => <StateTag tone={tones[one]}>{text(conflictStateNames[one] ?? { zh: one, en: one })}</StateTag> },
    { title: t.opened, dataIndex: 'openedAt', width: 140, className: 'hub-date', render: (at: string) => momentOf(at) },
    { title: t.decision, key: 'decision', width: 210, fixed: 'right', render: (_value, conflict) => <Decision conflict={conflict} onDecide={(verb) => setDeciding({ verb, conflict })} /> },
  ];
  return (
    <Answered by={conflicts}>
      {({ conflicts: { nodes, endCursor, hasNextPage } }) => (
        <>
          <Flex gap={12} align="center" wrap style={{ marginBottom: 12 }}>
            <Select<ConflictState> allowClear placeholder={t.anyState} aria-label={t.state} style={{ width: 140 }} value={state} onChange={(value) => go({ state: value ?? null, after: null })} options={states.map((value) => ({ value, label: text(conflictStateNames[value] ?? { zh: value, en: value }) }))} />
            <Typography.Text type="secondary">{t.takeHint}</Typography.Text>
          </Flex>
          <Table<Conflict> size="small" rowKey="id" columns={columns} dataSource={[...nodes]} pagination={false} scroll={{ x: 1100 }} locale={{ emptyText: <Nothing what={t.noConflicts} next={t.noConflictsNext} /> }} />
          <Flex gap={8} justify="flex-end" style={{ marginTop: 12 }}>
            {search.get('after') !== null && <Button onClick={() => go({ after: null })}>{t.first}</Button>}
            {hasNextPage && <Button onClick={() => go({ after: endCursor })}>{t.next}</Button>}
          </Flex>
          {deciding !== null && <Because key={`${deciding.verb} ${deciding.conflict.id}`} {...deciding} onClose={() => setDeciding(null)} />}
        </>
      )}
    </Answered>
  );
}

function Decision({ conflict, onDecide }: { readonly conflict: Conflict; readonly onDecide: (verb: Verb) => void }): ReactNode {
  const t = useTexts(texts);
  const { state, decidedAt, decidedBy, because, check } = conflict;
  if (state === 'OPEN') return <Flex gap={8}><Button size="small" onClick={() => onDecide('keep')}>{t.keep}</Button><Button size="small" onClick={() => onDecide('check')}>{t.check}</Button></Flex>;
  return (
    <>
      {decidedBy !== null && decidedAt !== null && <Typography.Text type="secondary" className="hub-date">{momentOf(decidedAt)} {decidedBy}</Typography.Text>}
      {because !== null && <div>{because}</div>}
      {state === 'CHECKING' && check !== null && check.dueOn !== null && <div className="hub-date">{t.due(check.dueOn)}</div>}
    </>
  );
}

function Because({ verb, conflict, onClose }: { readonly verb: Verb; readonly conflict: Conflict; readonly onClose: () => void }): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [form] = Form.useForm<{ because: string }>();
  const keep = useChange(Keep);
  const check = useChange(RequestCheck);
  const own = verb === 'keep' ? keep : check;
  const decide = async (): Promise<void> => {
    const { because } = await form.validateFields();
    await own.mutateAsync({ id: conflict.id, because });
    void message.success(t.decided);
    onClose();
  };
  return (
    <Modal open title={verb === 'keep' ? t.keep : t.check} okText={verb === 'keep' ? t.keep : t.check} cancelText={t.cancel} confirmLoading={own.isPending} onCancel={onClose} onOk={() => void decide().catch(() => undefined)}>
      {own.error !== null && <ProblemShown problem={own.error} />}
      <Form form={form} layout="vertical">
        <Form.Item name="because" label={t.because} rules={[{ required: true, whitespace: true, message: t.becauseMissing }]}><Input.TextArea rows={3} maxLength={500} showCount /></Form.Item>
      </Form>
    </Modal>
  );
}

/**
 * What two sources tell otherwise of one field, for whoever provides the item: what holds stays, its steward takes the other word as his
 * department's, or the source has it checked. Values are shown that are open to administrators; of others the source and the version.
 */
import { Alert, App, Button, Descriptions, Flex, Form, Input, Modal, Select, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useAsk, useChange } from '../../api/ask.ts';
import type { Problem } from '../../api/problem.ts';
import { useSession } from '../../api/session.ts';
import type { ConflictState } from '../../generated/enums.ts';
import type { ConflictsQuery } from '../../generated/graphql.ts';
import { momentOf, useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { recordTypeNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import type { Tone } from '../../parts/state-tag.tsx';
import { Conflicts as Document, Keep, RequestCheck, Take } from './documents.ts';
import { Source } from './source.tsx';
import { conflictStateNames, texts } from './texts.ts';

type Conflict = ConflictsQuery['conflicts']['nodes'][number];
type Verb = 'keep' | 'take' | 'check';
type Side = 'own' | 'other';

const tones: Readonly<Record<ConflictState, Tone>> = { OPEN: 'waits', KEPT: 'good', CHECKING: 'moving', TAKEN: 'good', SETTLED: 'still' };
const states = Object.keys(tones) as ConflictState[];

/** The queue. */
export function Conflicts(): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const state = states.find((one) => one === search.get('state')) ?? null;
  // Values that it tells are in the audit each time.
  const conflicts = useAsk(Document, { state, after: search.get('after') }, { once: true });
  const [deciding, setDeciding] = useState<{ readonly verb: Verb; readonly conflict: Conflict } | null>(null);
  const go = (change: Readonly<Record<string, string | null>>): void => setSearch((before) => {
    for (const [name, value] of Object.entries(change)) {
      if (value === null) before.delete(name);
      else before.set(name, value);
    }
    return before;
  });
  const columns: TableColumnsType<Conflict> = [
    { title: t.type, dataIndex: 'type', width: 110, render: (type: string) => text(recordTypeNames[type] ?? { zh: type, en: type }) },
    { title: t.field, dataIndex: 'field', width: 130, render: (field: string) => <Code>{field}</Code> },
    { title: t.own, key: 'own', width: 190, render: (_value, conflict) => <Word conflict={conflict} side="own" /> },
    { title: t.other, key: 'other', width: 190, render: (_value, conflict) => <Word conflict={conflict} side="other" /> },
    { title: t.state, dataIndex: 'state', width: 100, render: (one: ConflictState) => <StateTag tone={tones[one]}>{text(conflictStateNames[one] ?? { zh: one, en: one })}</StateTag> },
    { title: t.opened, dataIndex: 'openedAt', width: 140, className: 'hub-date', render: (at: string) => momentOf(at) },
    { title: t.decision, key: 'decision', width: 270, fixed: 'right', render: (_value, conflict) => <Decision conflict={conflict} onDecide={(verb) => setDeciding({ verb, conflict })} /> },
  ];
  return (
    <Answered by={conflicts}>
      {({ conflicts: { nodes, endCursor, hasNextPage } }) => (
        <>
          <Flex gap={12} align="center" wrap style={{ marginBottom: 12 }}>
            <Select<ConflictState> allowClear placeholder={t.anyState} aria-label={t.state} style={{ width: 140 }} value={state} onChange={(value) => go({ state: value ?? null, after: null })} options={states.map((value) => ({ value, label: text(conflictStateNames[value] ?? { zh: value, en: value }) }))} />
            <Typography.Text type="secondary">{t.takeHint}</Typography.Text>
          </Flex>
          <Table<Conflict> size="small" rowKey="id" columns={columns} dataSource={[...nodes]} pagination={false} scroll={{ x: 1130 }} locale={{ emptyText: <Nothing what={t.noConflicts} next={t.noConflictsNext} /> }} />
          <Flex gap={8} justify="flex-end" style={{ marginTop: 12 }}>
            {search.get('after') !== null && <Button onClick={() => go({ after: null })}>{t.first}</Button>}
            {hasNextPage && <Button onClick={() => go({ after: endCursor })}>{t.next}</Button>}
          </Flex>
          {deciding !== null && <Because key={`${deciding.verb} ${deciding.conflict.id}`} verb={deciding.verb} conflict={nodes.find(({ id }) => id === deciding.conflict.id) ?? deciding.conflict} onOvertaken={() => void conflicts.refetch()} onClose={() => setDeciding(null)} />}
        </>
      )}
    </Answered>
  );
}

/** A source and its version, and what it says where that is told. */
function Word({ conflict, side }: { readonly conflict: Conflict; readonly side: Side }): ReactNode {
  const t = useTexts(texts);
  const { source, version, value } = wordOf(conflict, side);
  return (
    <>
      <Flex gap={6} align="center" wrap><Source code={source} /><Typography.Text type="secondary">{version}</Typography.Text>{source === conflict.holds && <StateTag tone="good">{t.holds}</StateTag>}</Flex>
      {value !== undefined && <Clipped lines={2}>{saidOf(value) ?? t.saysNothing}</Clipped>}
    </>
  );
}

/** One side of a conflict; its value is absent where it is not told. */
function wordOf({ ownSource, ownVersion, otherSource, otherVersion, told }: Conflict, side: Side): { readonly source: string; readonly version: string; readonly value?: unknown } {
  const [source, version] = side === 'own' ? [ownSource, ownVersion] : [otherSource, otherVersion];
  // Of what one source told twice, only one is known still.
  const own = ownSource === otherSource ? undefined : told?.find((one) => one.source === source && one.version === version);
  return { source, version, ...(own === undefined ? {} : { value: own.value }) };
}

/** A value in words; null: it is empty. */
function saidOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Decision({ conflict, onDecide }: { readonly conflict: Conflict; readonly onDecide: (verb: Verb) => void }): ReactNode {
  const t = useTexts(texts);
  const { departmentCode } = useSession();
  const { state, departmentCodes, ownSource, otherSource, decidedAt, decidedBy, because, check } = conflict;
  const takes = departmentCodes.includes(departmentCode) && ownSource !== otherSource;
  if (state === 'OPEN') return <Flex gap={8}><Button size="small" onClick={() => onDecide('keep')}>{t.keep}</Button>{takes && <Button size="small" onClick={() => onDecide('take')}>{t.take}</Button>}<Button size="small" onClick={() => onDecide('check')}>{t.check}</Button></Flex>;
  return (
    <>
      {decidedBy !== null && decidedAt !== null && <Typography.Text type="secondary" className="hub-date">{momentOf(decidedAt)} {decidedBy}</Typography.Text>}
      {because !== null && <div>{because}</div>}
      {state === 'CHECKING' && check !== null && check.dueOn !== null && <div className="hub-date">{t.due(check.dueOn)}</div>}
    </>
  );
}

interface BecauseProps {
  readonly verb: Verb;
  readonly conflict: Conflict;
  /** What is shown is not what stands any more. */
  readonly onOvertaken: () => void;
  readonly onClose: () => void;
}

function Because({ verb, conflict, onOvertaken, onClose }: BecauseProps): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [form] = Form.useForm<{ because: string }>();
  const keep = useChange(Keep);
  const take = useChange(Take);
  const check = useChange(RequestCheck);
  const own = { keep, take, check }[verb];
  const decide = async (): Promise<void> => {
    const { because } = await form.validateFields();
    // The words are read anew, what is filled in stays, and whoever decides looks once more.
    const onError = ({ code }: Problem): void => {
      if (code === 'CONFLICT') onOvertaken();
    };
    if (verb === 'take') await take.mutateAsync({ id: conflict.id, because, otherVersion: conflict.otherVersion }, { onError });
    else await { keep, check }[verb].mutateAsync({ id: conflict.id, because }, { onError });
    void message.success(t.decided);
    onClose();
  };
  return (
    <Modal open width={620} title={t[verb]} okText={t[verb]} cancelText={t.cancel} confirmLoading={own.isPending} onCancel={onClose} onOk={() => void decide().catch(() => undefined)}>
      {own.error !== null && <ProblemShown problem={own.error} next={own.error.code === 'CONFLICT' ? t.overtaken : undefined} />}
      <BothWords conflict={conflict} />
      {verb === 'take' && <Typography.Paragraph>{t.takeMeans}</Typography.Paragraph>}
      <Form form={form} layout="vertical">
        <Form.Item name="because" label={t.because} style={{ marginBottom: 32 }} rules={[{ required: true, whitespace: true, message: t.becauseMissing }]}><Input.TextArea rows={3} maxLength={200} showCount /></Form.Item>
      </Form>
    </Modal>
  );
}

/** Both words side by side, or by source and version alone. */
function BothWords({ conflict }: { readonly conflict: Conflict }): ReactNode {
  const t = useTexts(texts);
  const told = wordOf(conflict, 'own').value !== undefined || wordOf(conflict, 'other').value !== undefined;
  return (
    <>
      <Flex gap={12} wrap style={{ marginBottom: 12 }}>
        {(['own', 'other'] as const).map((side) => {
          const { source, version, value } = wordOf(conflict, side);
          return (
            <Descriptions key={side} bordered size="small" column={1} style={{ flex: '1 1 240px', overflowWrap: 'anywhere' }} styles={{ label: { width: 96, whiteSpace: 'nowrap' } }} title={<Flex gap={8} align="center"><span>{t[side]}</span>{source === conflict.holds && <StateTag tone="good">{t.holds}</StateTag>}</Flex>} items={[
              { key: 'source', label: t.source, children: <Source code={source} /> },
              { key: 'version', label: t.version, children: version },
              ...(value === undefined ? [] : [{ key: 'says', label: t.says, children: saidOf(value) ?? t.saysNothing }]),
            ]} />
          );
        })}
      </Flex>
      {!told && <Alert type="info" showIcon style={{ marginBottom: 12 }} title={t.notTold} />}
    </>
  );
}

/**
 * The moves that are one's own to make, each with its words where it takes them. What ends something is said to be so before it is done.
 */
import { App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { moves } from './documents.ts';
import { movesOf } from './moves.ts';
import type { Application, Move, Verb } from './moves.ts';
import { moveTexts, texts } from './texts.ts';

/** What goes on; the others hold up or end. */
const forward: ReadonlySet<Verb> = new Set(['submit', 'pass', 'resume', 'resumeItems']);
const ending: ReadonlySet<Verb> = new Set(['refuse', 'revoke', 'revokeItems', 'withdraw']);

/** The buttons. */
export function MoveButtons({ application }: { readonly application: Application }): ReactNode {
  const text = useText();
  const mine = movesOf(useSession(), application);
  const [chosen, setChosen] = useState<Move | null>(null);
  return (
    <>
      {mine.map((move) => <Button key={move.verb} type={forward.has(move.verb) ? 'primary' : 'default'} danger={ending.has(move.verb)} onClick={() => setChosen(move)}>{text(moveTexts[move.verb])}</Button>)}
      {chosen !== null && <Asking number={application.number} move={chosen} leave={() => setChosen(null)} />}
    </>
  );
}

function Asking({ number, move: { verb, version, words: takesWords }, leave }: { readonly number: string; readonly move: Move; readonly leave: () => void }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ words?: string }>();
  // Those that take words are never sent without: the form sees to it.
  const change = useChange(moves[verb] as typeof moves.return);
  const send = ({ words = '' }: { words?: string }): void => change.mutate({ number, version, words: (words.trim() === '' ? null : words.trim()) as string }, {
    onSuccess: () => {
      void message.success(t.done);
      leave();
    },
  });
  return (
    <Modal open title={`${text(moveTexts[verb])} · ${number}`} okText={text(moveTexts[verb])} cancelText={t.cancel} okButtonProps={{ danger: ending.has(verb), loading: change.isPending }} onOk={() => form.submit()} onCancel={leave}>
      {change.error && <ProblemShown problem={change.error} />}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send}>
        <Form.Item name="words" label={takesWords ? t.words : t.wordsOptional} rules={takesWords ? [{ required: true, whitespace: true, message: t.wordsMissing }] : []}>
          <Input.TextArea autoFocus autoSize={{ minRows: 3, maxRows: 8 }} maxLength={500} showCount />
        </Form.Item>
      </Form>
    </Modal>
  );
}

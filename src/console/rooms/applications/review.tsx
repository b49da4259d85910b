/**
 * A department's answer about its own items: one by one, or several together; some may be approved and others refused, each
 * refusal with its reason. Sent once, for all of them.
 */
import { App, Button, Card, Flex, Input, Segmented, Typography } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import { useTexts } from '../../language/language.tsx';
import { useDirectory } from '../../parts/directory.ts';
import { ProblemShown } from '../../parts/problem.tsx';
import { ReviewApplication } from './documents.ts';
import { Lines } from './lines.tsx';
import type { Application, Line } from './moves.ts';
import { texts } from './texts.ts';

type Choice = 'approve' | 'refuse';

/** Answers from this version of the review. */
export function Review({ application, version }: { readonly application: Application; readonly version: number }): ReactNode {
  const t = useTexts(texts);
  const names = useDirectory();
  const { departmentCode } = useSession();
  const { message } = App.useApp();
  const send = useChange(ReviewApplication);
  const own = application.lines.filter(({ reviewedBy }) => reviewedBy === departmentCode);
  const [choices, setChoices] = useState<ReadonlyMap<number, Choice>>(new Map());
  const [reasons, setReasons] = useState<ReadonlyMap<number, string>>(new Map());
  const [selected, setSelected] = useState<readonly number[]>([]);
  const [together, setTogether] = useState('');
  const [words, setWords] = useState('');
  const [tried, setTried] = useState(false);

  const choose = (lines: readonly number[], choice: Choice): void => {
    setChoices((before) => new Map([...before, ...lines.map((line) => [line, choice] as const)]));
    if (choice === 'refuse' && together.trim() !== '') setReasons((before) => new Map([...before, ...lines.map((line) => [line, together.trim()] as const)]));
  };
  const chosen = (choice: Choice): number => own.filter(({ line }) => choices.get(line) === choice).length;
  const open = own.length - choices.size;
  const lacksReason = (line: number): boolean => choices.get(line) === 'refuse' && (reasons.get(line) ?? '').trim() === '';
  const complete = open === 0 && !own.some(({ line }) => lacksReason(line));

  const answer = (): void => {
    setTried(true);
    if (!complete) return;
    const decisions = own.map(({ line }) => ({ line, approve: choices.get(line) === 'approve', reason: choices.get(line) === 'refuse' ? (reasons.get(line) ?? '').trim() : null }));
    send.mutate({ number: application.number, version, decisions, words: words.trim() === '' ? null : words.trim() }, { onSuccess: () => void message.success(t.answerSent) });
  };

  const deciding = ({ line, item, reviewedBy }: Line): ReactNode => {
    if (reviewedBy !== departmentCode) return undefined;
    const choice = choices.get(line);
    return (
      <Flex gap={8} wrap align="flex-start">
        <Segmented<Choice | ''> aria-label={`${t.decision}: ${names.item(item)}`} value={choice ?? ''} onChange={(next) => next !== '' && choose([line], next)} options={[{ value: 'approve', label: t.approved }, { value: 'refuse', label: t.refused }]} />
        {choice === 'refuse' && <Input style={{ width: 240 }} aria-label={t.reasonOf(names.item(item))} placeholder={t.reasonMissing} value={reasons.get(line) ?? ''} status={tried && lacksReason(line) ? 'error' : ''} onChange={(event) => setReasons((before) => new Map([...before, [line, event.target.value]]))} />}
      </Flex>
    );
  };

  return (
    <Card title={t.yourAnswer} styles={{ body: { paddingTop: 12 } }}>
      <Flex gap={8} wrap align="center" style={{ marginBottom: 10 }} className="hub-screen">
        <Typography.Text type="secondary">{t.answerHow}</Typography.Text>
        <div style={{ flex: 1 }} />
        {selected.length > 0 && <Input style={{ width: 220 }} aria-label={t.sameReason} placeholder={t.sameReason} value={together} onChange={(event) => setTogether(event.target.value)} />}
        {selected.length > 0 && <Button onClick={() => choose(selected, 'refuse')}>{t.refuseSelected(selected.length)}</Button>}
        {selected.length > 0 && <Button onClick={() => choose(selected, 'approve')}>{t.approveSelected(selected.length)}</Button>}
        <Button onClick={() => choose(own.map(({ line }) => line), 'approve')}>{t.approveAll}</Button>
      </Flex>
      <Lines lines={application.lines} deciding={deciding} selection={{
        hideSelectAll: true, selectedRowKeys: [...selected], onChange: (keys) => setSelected(keys.map(Number)),
        getCheckboxProps: ({ reviewedBy, item }) => ({ disabled: reviewedBy !== departmentCode, 'aria-label': names.item(item) }),
      }} />
      <Flex vertical gap={10} style={{ marginTop: 14, maxWidth: 640 }} className="hub-screen">
        {send.error && <ProblemShown problem={send.error} />}
        <Input.TextArea aria-label={t.wordsOptional} placeholder={t.wordsOptional} autoSize={{ minRows: 2, maxRows: 5 }} value={words} onChange={(event) => setWords(event.target.value)} />
        <Flex gap={12} align="center" wrap>
          <Button type="primary" loading={send.isPending} onClick={answer}>{t.sendAnswer}</Button>
          <output><Typography.Text type={tried && !complete ? 'danger' : 'secondary'}>{t.decided(chosen('approve'), chosen('refuse'), open)}{tried && open === 0 && !complete ? `；${t.reasonMissing}` : ''}</Typography.Text></output>
        </Flex>
      </Flex>
    </Card>
  );
}

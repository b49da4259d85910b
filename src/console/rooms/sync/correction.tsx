/**
 * One entry, opened to be corrected. Its text holds values of a record, so it is asked for once, when somebody has said that he wants to
 * see it, and is nowhere afterwards.
 */
import { Alert, App, Button, Drawer, Flex, Input, Skeleton, Typography } from 'antd';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ask, useChange } from '../../api/ask.ts';
import type { Problem } from '../../api/problem.ts';
import { useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { Edit, Redrive, Text } from './documents.ts';
import type { Entry } from './entry.ts';
import { texts } from './texts.ts';

/** The drawer of an entry. */
export function Correction({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [text, setText] = useState<string | null>(null);
  const read = useMutation<string, Problem>({ gcTime: 0, mutationFn: async () => (await ask(Text, { code: entry.code })).quarantinedText, onSuccess: (told) => setText(JSON.stringify(JSON.parse(told), null, 2)) });
  const edit = useChange(Edit);
  const redrive = useChange(Redrive);
  const wrong = text !== null && !isJson(text);
  const save = async (): Promise<void> => {
    await edit.mutateAsync({ code: entry.code, text: text ?? '' });
    const { redriveQuarantined: { taken } } = await redrive.mutateAsync({ registry: entry.registry, codes: [entry.code] });
    void (taken > 0 ? message.success(t.saved) : message.warning(t.stays));
    onClose();
  };
  const problem = read.error ?? edit.error ?? redrive.error;
  return (
    <Drawer open onClose={onClose} size={640} title={t.open} footer={(
      <Flex justify="flex-end" gap={8}>
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button type="primary" disabled={text === null || wrong} loading={edit.isPending || redrive.isPending} onClick={() => void save().catch(() => undefined)}>{t.save}</Button>
      </Flex>
    )}>
      <Typography.Paragraph><Code>{entry.field}</Code> <span lang="en">{entry.reason}</span></Typography.Paragraph>
      {problem !== null && <ProblemShown problem={problem} />}
      {text === null && !read.isPending && <Alert type="warning" showIcon title={t.openWarning} action={<Button size="small" onClick={() => read.mutate()}>{t.open}</Button>} />}
      {read.isPending && <Skeleton active paragraph={{ rows: 8 }} />}
      {text !== null && (
        <>
          <Input.TextArea aria-label={t.textLabel} className="hub-code" style={{ whiteSpace: 'pre', fontSize: 13 }} autoSize={{ minRows: 14, maxRows: 28 }} spellCheck={false} status={wrong ? 'error' : ''} value={text} onChange={(event) => setText(event.target.value)} />
          <Typography.Paragraph type={wrong ? 'danger' : 'secondary'} style={{ marginTop: 8 }} role={wrong ? 'alert' : undefined}>{wrong ? t.noJson : t.editHint}</Typography.Paragraph>
        </>
      )}
    </Drawer>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

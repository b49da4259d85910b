/**
 * How every change of a permission is made: what it would do is looked at first, then it is confirmed, and it is in force.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Flex } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ask } from '../../api/ask.ts';
import { isOvertaken } from '../../api/problem.ts';
import type { Problem } from '../../api/problem.ts';
import type { Mode } from '../../generated/enums.ts';
import type { PreviewInput } from '../../generated/graphql.ts';
import { useTexts } from '../../language/language.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { PreviewChange } from './documents.ts';
import { PreviewShown, replayDays } from './preview.tsx';
import type { Previewed } from './preview.tsx';
import { changeTexts } from './texts.ts';

/** A change that is not made yet: what is previewed of it, and how it is made. */
export interface Change {
  readonly preview: PreviewInput;
  readonly make: () => Promise<unknown>;
}

interface ConfirmProps {
  readonly mode: Mode;
  /** The change as it is filled in; null where it is not, and then the form says so. */
  readonly read: () => Promise<Change | null>;
  readonly onMade: () => void;
}

/** The two buttons below a form, and between them what the change does. Whatever is filled in anew is another form (`key`), previewed anew. */
export function Confirm({ mode, read, onMade }: ConfirmProps): ReactNode {
  const t = useTexts(changeTexts);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [change, setChange] = useState<Change | null>(null);
  // What stands now is read, the form keeps what is filled in, and it is looked at anew before it is made.
  const overtaken = (problem: Problem): void => {
    if (!isOvertaken(problem)) return;
    setChange(null);
    void queries.invalidateQueries({ queryKey: ['graphql'] });
  };
  const preview = useMutation<Previewed | null, Problem, Change>({
    mutationFn: async (own) => (await ask(PreviewChange, { change: own.preview, mode, replayDays })).previewChange,
    onSuccess: (_told, own) => setChange(own),
    onError: (problem) => overtaken(problem),
  });
  const make = useMutation<unknown, Problem, Change>({
    mutationFn: (own) => own.make(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['graphql'] });
      void message.success(t.saved);
      onMade();
    },
    onError: (problem) => overtaken(problem),
  });
  const look = async (): Promise<void> => {
    setChange(null);
    make.reset();
    const own = await read();
    if (own !== null) preview.mutate(own);
  };
  const problem = make.error ?? preview.error;
  return (
    <Flex vertical gap={12}>
      {problem !== null && <ProblemShown problem={problem} next={isOvertaken(problem) ? t.overtaken : undefined} />}
      {change !== null && preview.data !== undefined && preview.data !== null && <PreviewShown preview={preview.data} />}
      <Flex gap={8} align="center" wrap>
        <Button onClick={() => void look()} loading={preview.isPending} {...(change === null ? { type: 'primary' as const } : {})}>{t.preview}</Button>
        <Button type="primary" disabled={change === null} loading={make.isPending} title={change === null ? t.saveHint : ''} onClick={() => change !== null && make.mutate(change)}>{t.save}</Button>
      </Flex>
    </Flex>
  );
}

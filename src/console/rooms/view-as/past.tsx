/**
 * Picks an operation that an application has really asked, the most frequent first. The audit knows it without a value: its document has
 * variables, and samples of them.
 */
import { Flex, Select, Typography } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useAsk } from '../../api/ask.ts';
import type { PastOperationsQuery } from '../../generated/graphql.ts';
import { dayOf, numberOf, useText, useTexts } from '../../language/language.tsx';
import { Clipped } from '../../parts/clipped.tsx';
import { useDirectory } from '../../parts/directory.ts';
import { modeNames } from '../../parts/names.ts';
import { ProblemShown } from '../../parts/problem.tsx';
import { PastOperations } from './documents.ts';
import { texts } from './texts.ts';

export type PastOperation = NonNullable<PastOperationsQuery['pastOperations']>['operations'][number];

/** See the head of this file. */
export function PastPicker({ consumer, onPick }: { readonly consumer: string; readonly onPick: (operation: PastOperation) => void }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const names = useDirectory();
  const [picked, setPicked] = useState<number | null>(null);
  const answer = useAsk(PastOperations, { consumer }, { once: true });
  // With another application the former one's stay until its own are there.
  const told = answer.isPlaceholderData ? undefined : answer.data?.pastOperations ?? undefined;
  const labelOf = ({ roots, matter, mode, underCase, times, lastAskedAt }: PastOperation): string =>
    [roots.join('、'), matter === null ? t.noMatter : names.matter(matter), ...(underCase ? [t.underCase] : []), ...(mode === 'QUERY' ? [] : [text(modeNames[mode])]), t.times(numberOf(times)), t.last(dayOf(lastAskedAt))].join(' · ');
  const pick = (place: number): void => {
    const operation = told?.operations[place];
    if (operation === undefined) return;
    setPicked(place);
    onPick(operation);
  };
  return (
    <Flex gap={8} wrap align="center" style={{ marginBlockEnd: 8 }}>
      <Select<number>
        aria-label={t.past} placeholder={t.past} value={picked} onChange={pick} loading={answer.isFetching} showSearch={{ optionFilterProp: 'words' }} style={{ width: 560, maxWidth: '100%' }}
        options={(told?.operations ?? []).map((operation, value) => ({ value, label: labelOf(operation), words: `${labelOf(operation)} ${operation.selection}`, selection: operation.selection }))}
        optionRender={({ label, data }) => <Flex vertical><span>{label}</span><Clipped secondary>{data.selection}</Clipped></Flex>}
        notFoundContent={answer.isFetching ? t.pastLoading : t.pastNone}
      />
      {told !== undefined && told.leftOut > 0 && <Typography.Text type="secondary">{t.pastLeftOut(told.leftOut)}</Typography.Text>}
      {answer.error !== null && <ProblemShown problem={answer.error} />}
    </Flex>
  );
}

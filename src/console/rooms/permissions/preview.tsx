/**
 * What a change would do, before it is made: whose permission it changes, and which operations that were really asked would be
 * answered otherwise.
 */
import { Flex, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { Effect, Use } from '../../generated/enums.ts';
import type { PreviewChangeQuery } from '../../generated/graphql.ts';
import { dayOf, numberOf, useLanguage, useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { namesOfUse } from '../../parts/names.ts';
import { StateTag } from '../../parts/state-tag.tsx';
import type { Tone } from '../../parts/state-tag.tsx';
import { previewTexts } from './texts.ts';

export type Previewed = NonNullable<PreviewChangeQuery['previewChange']>;
/** What changes alike for several uses, told once. */
type Access = Omit<Previewed['accesses'][number], 'use'> & { readonly uses: readonly Use[] };
type Replayed = Previewed['replay']['changed'][number];

/** So many days of operations are replayed. */
export const replayDays = 30;

const tones: Readonly<Record<Effect, Tone>> = { GAINS: 'good', LOSES: 'stopped', CHANGES: 'waits' };

/** Accesses that differ in their use alone, put together. */
function together(accesses: Previewed['accesses']): readonly Access[] {
  const found = new Map<string, Access>();
  for (const { use, ...rest } of accesses) {
    const name = JSON.stringify([rest.consumer, rest.item, rest.effect, rest.before, rest.after]);
    found.set(name, { ...rest, uses: [...found.get(name)?.uses ?? [], use] });
  }
  return [...found.values()];
}

/** A preview, as it came. */
export function PreviewShown({ preview: { accesses, replay } }: { readonly preview: Previewed }): ReactNode {
  const t = useTexts(previewTexts);
  const text = useText();
  const { language } = useLanguage();
  const effectNames: Readonly<Record<Effect, string>> = { GAINS: t.gains, LOSES: t.loses, CHANGES: t.changes };
  const side = (words: readonly string[]): string => (words.length === 0 ? t.none : words.map((own) => own.split(' · ')[language === 'zh' ? 0 : 1] ?? own).join('；'));
  const effect = (own: Effect): ReactNode => <StateTag tone={tones[own]}>{effectNames[own]}</StateTag>;
  const rows = together(accesses);
  const several = new Set(rows.map(({ item }) => item)).size > 1;
  const whose: TableColumnsType<Access> = [
    { title: t.effect, dataIndex: 'effect', width: 72, render: effect },
    { title: t.who, dataIndex: 'consumerName', width: 140, ellipsis: true, render: (name: string) => <Clipped>{name}</Clipped> },
    ...(several ? [{ title: t.item, key: 'item', width: 120, render: (_value: unknown, { item, itemName }: Access) => <Flex vertical><Clipped>{itemName}</Clipped><Code>{item}</Code></Flex> }] : []),
    { title: t.use, dataIndex: 'uses', width: 112, render: (uses: readonly Use[]) => uses.map((use) => text(namesOfUse[use])).join('、') },
    { title: t.ways, key: 'ways', render: (_value, { before, after }) => `${side(before)} → ${side(after)}` },
  ];
  const really: TableColumnsType<Replayed> = [
    { title: t.effect, dataIndex: 'effect', width: 76, render: effect },
    { title: t.who, dataIndex: 'consumerName', width: 130, ellipsis: true, render: (name: string) => <Clipped>{name}</Clipped> },
    { title: t.times, dataIndex: 'times', width: 64, className: 'hub-number', render: numberOf },
    { title: t.last, dataIndex: 'lastAskedAt', width: 100, className: 'hub-number', render: dayOf },
    { title: t.places, key: 'places', render: (_value, { gains, loses, masks, refused, selection }) => (
      <Flex vertical>
        {refused !== null && <Typography.Text type="danger">{t.refused}</Typography.Text>}
        <span className="hub-code" style={{ whiteSpace: 'normal' }}>{[...gains.map((place) => `+ ${place}`), ...loses.map((place) => `− ${place}`), ...masks.map((place) => `~ ${place}`)].join(' ')}</span>
        {selection !== null && <Clipped lines={2} secondary>{selection}</Clipped>}
      </Flex>
    ) },
  ];
  const shown = useRef<HTMLElement>(null);
  // Below a long form it would come unseen.
  useEffect(() => {
    shown.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <section ref={shown} aria-label={t.heading}>
      <Typography.Title level={3} style={{ fontSize: 15 }}>{t.heading}</Typography.Title>
      {rows.length === 0
        ? <Typography.Paragraph type="secondary">{t.nobody}</Typography.Paragraph>
        : <Table<Access> size="small" rowKey={({ consumer, item, uses }) => `${consumer} ${item} ${uses.join()}`} columns={whose} dataSource={[...rows]} pagination={{ defaultPageSize: 8, hideOnSinglePage: true, size: 'small' }} />}
      <Typography.Paragraph style={{ marginBlock: 12 }}>{t.replayed(replay.operations, replay.changed.length, replayDays)}{replay.leftOut > 0 && t.leftOut(replay.leftOut)}</Typography.Paragraph>
      {replay.changed.length > 0 && <Table<Replayed> size="small" rowKey={(own) => JSON.stringify([own.consumer, own.matter, own.selection, own.lastAskedAt])} columns={really} dataSource={[...replay.changed]} pagination={{ defaultPageSize: 8, hideOnSinglePage: true, size: 'small' }} />}
    </section>
  );
}

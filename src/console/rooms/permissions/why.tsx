/**
 * Why a cell is as it is: the rule, the grants, until when; and what it was, where it has changed. As a card beside the cell that is
 * looked at, and as part of the drawer.
 */
import { Flex, Typography } from 'antd';
import { useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { dayOf, momentOf, useLanguage, useText, useTexts } from '../../language/language.tsx';
import type { Language } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { namesOfUse } from '../../parts/names.ts';
import { ruleName } from '../../parts/rule-names.ts';
import { StateMark, states } from './states.tsx';
import { texts } from './texts.ts';
import type { Consumer, Item, Reason } from './view.ts';

/** One side of a text that the hub writes in both languages. */
const sideOf = (words: string, language: Language): string => {
  const [zh = words, en = zh] = words.split(' · ');
  return language === 'zh' ? zh : en;
};

/** A reason in full. */
export function ReasonShown({ reason, item }: { readonly reason: Reason; readonly item: Item }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { language } = useLanguage();
  const needs = [reason.takesMatter && t.needsMatter, reason.takesCase && t.needsCase].filter(Boolean).join('、');
  return (
    <Flex vertical gap={6}>
      <Flex gap={8} align="center" wrap>
        <StateMark reason={reason} />
        <Typography.Text strong>{text(states[reason.state].name)}</Typography.Text>
        <Typography.Text type="secondary">{text(states[reason.state].means)}</Typography.Text>
      </Flex>
      <div>{t.rule(text(ruleName(reason.rule)))}</div>
      {reason.denial !== null && <div>{t.deniedBy(reason.denial, reason.deniedBecause ?? '')}</div>}
      {reason.state === 'WITHHELD' && reason.denial === null && item.condition !== '' && <div>{t.conditionIs(item.condition)}</div>}
      {reason.ways.map((way) => (
        <div key={`${way.words} ${way.validTo}`} style={{ borderInlineStart: '3px solid #a9c6f5', paddingInlineStart: 8 }}>
          <div>{sideOf(way.words, language)}</div>
          <Typography.Text type="secondary">
            {[way.uses.map((use) => text(namesOfUse[use])).join('、'), way.matters !== null && t.forMatters(way.matters.join('、')), way.validTo !== null && t.until(dayOf(way.validTo))].filter(Boolean).join('；')}
          </Typography.Text>
        </div>
      ))}
      {needs !== '' && <Typography.Text type="secondary">{t.needs(needs)}</Typography.Text>}
      {reason.until !== null && <Typography.Text type="secondary">{t.mayChange(momentOf(reason.until))}</Typography.Text>}
    </Flex>
  );
}

/** What a cell was before it changed. */
export function BeforeShown({ before }: { readonly before: Reason | null }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { language } = useLanguage();
  return (
    <div style={{ borderBlockStart: '1px solid #e6eaf0', paddingBlockStart: 6, marginBlockStart: 6 }}>
      {before === null ? t.wasNot : <><Flex gap={8} align="center"><StateMark reason={before} />{t.was(text(states[before.state].name))}</Flex>{before.ways.map(({ words }) => <div key={words}>{sideOf(words, language)}</div>)}</>}
    </div>
  );
}

/** Cell, and where it is on the screen. */
export interface Looked {
  readonly item: Item;
  readonly consumer: Consumer;
  readonly reason: Reason;
  readonly before: Reason | null | undefined;
  readonly rect: DOMRect;
}

/** The card beside a cell. */
export function WhyCard({ item, consumer, reason, before, rect }: Looked): ReactNode {
  const card = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: rect.right + 8, top: rect.top });
  useLayoutEffect(() => {
    const { width = 360, height = 200 } = card.current?.getBoundingClientRect() ?? {};
    setPlace({
      left: rect.right + 8 + width > innerWidth ? Math.max(8, rect.left - 8 - width) : rect.right + 8,
      top: Math.max(8, Math.min(rect.top, innerHeight - height - 8)),
    });
  }, [rect]);
  return (
    <div ref={card} role="tooltip" className="hub-why" style={place}>
      <Flex gap={8} wrap style={{ marginBlockEnd: 6 }}>
        <Typography.Text strong>{item.name}</Typography.Text><Code>{item.code}</Code>
        <Typography.Text type="secondary">{consumer.name}（{consumer.departmentName}）</Typography.Text>
      </Flex>
      <ReasonShown reason={reason} item={item} />
      {before !== undefined && <BeforeShown before={before} />}
    </div>
  );
}

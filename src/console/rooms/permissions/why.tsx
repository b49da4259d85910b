/**
 * Why a cell is as it is: the rule, the grants, until when; and what it was, where it has changed. As a card beside the cell that is
 * looked at, and as part of the drawer.
 */
import { Flex, Skeleton, Typography } from 'antd';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { dayOf, momentOf, useLanguage, useText, useTexts } from '../../language/language.tsx';
import type { Language } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { namesOfUse } from '../../parts/names.ts';
import { ProblemShown } from '../../parts/problem.tsx';
import { ruleName } from '../../parts/rule-names.ts';
import type { Asked } from './choice.ts';
import { useReason } from './reason.ts';
import type { Cell } from './reason.ts';
import { StateMark, states } from './states.tsx';
import { texts } from './texts.ts';
import type { Item, Mark, Reason } from './view.ts';

/** One side of a text that the hub writes in both languages. */
const sideOf = (words: string, language: Language): string => {
  const [zh = words, en = zh] = words.split(' · ');
  return language === 'zh' ? zh : en;
};

/** What stands in a cell, in words. */
function MarkShown({ mark }: { readonly mark: Mark }): ReactNode {
  const text = useText();
  return (
    <Flex gap={8} align="center" wrap>
      <StateMark mark={mark} />
      <Typography.Text strong>{text(states[mark.state].name)}</Typography.Text>
      <Typography.Text type="secondary">{text(states[mark.state].means)}</Typography.Text>
    </Flex>
  );
}

/** Why a cell is as it is; until that is there, what stands in it. */
export function ReasonShown({ cell: { item, mark }, told: { reason, problem, again } }: { readonly cell: Cell; readonly told: ReturnType<typeof useReason> }): ReactNode {
  if (reason !== undefined) return <InFull reason={reason} item={item} />;
  return (
    <Flex vertical gap={6}>
      <MarkShown mark={mark} />
      {problem === null ? <Skeleton active title={false} paragraph={{ rows: 2 }} /> : <ProblemShown problem={problem} again={again} />}
    </Flex>
  );
}

function InFull({ reason, item }: { readonly reason: Reason; readonly item: Item }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { language } = useLanguage();
  const needs = [reason.takesMatter && t.needsMatter, reason.takesCase && t.needsCase].filter(Boolean).join('、');
  return (
    <Flex vertical gap={6}>
      <MarkShown mark={reason} />
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
      {before === null ? t.wasNot : <><Flex gap={8} align="center"><StateMark mark={before} />{t.was(text(states[before.state].name))}</Flex>{before.ways.map(({ words }) => <div key={words}>{sideOf(words, language)}</div>)}</>}
    </div>
  );
}

/** A cell that is looked at, and where it is on the screen. */
export interface Looked extends Cell {
  readonly before: Reason | null | undefined;
  readonly rect: DOMRect;
}

/** Whoever moves across the matrix asks nothing; whoever rests on a cell for so many milliseconds does. */
const restMs = 120;

/** The card beside a cell. Another one for each application. */
export function WhyCard({ asked, before, rect, ...cell }: Looked & { readonly asked: Asked }): ReactNode {
  const card = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: rect.right + 8, top: rect.top });
  const [rests, setRests] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setRests(true), restMs);
    return () => clearTimeout(timer);
  }, []);
  const told = useReason(asked, cell, rests);
  useLayoutEffect(() => {
    const { width = 360, height = 200 } = card.current?.getBoundingClientRect() ?? {};
    setPlace({
      left: rect.right + 8 + width > innerWidth ? Math.max(8, rect.left - 8 - width) : rect.right + 8,
      top: Math.max(8, Math.min(rect.top, innerHeight - height - 8)),
    });
  }, [rect, told.reason]);
  return (
    <div ref={card} role="tooltip" className="hub-why" style={place}>
      <Flex gap={8} wrap style={{ marginBlockEnd: 6 }}>
        <Typography.Text strong>{cell.item.name}</Typography.Text><Code>{cell.item.code}</Code>
        <Typography.Text type="secondary">{cell.consumer.name}（{cell.consumer.departmentName}）</Typography.Text>
      </Flex>
      <ReasonShown cell={cell} told={told} />
      {before !== undefined && <BeforeShown before={before} />}
    </div>
  );
}

/**
 * A verdict in a word, from its ways: given, given on some rows, masked, or withheld.
 */
import type { ReactNode } from 'react';
import { useLanguage, useTexts } from '../../language/language.tsx';
import type { Language } from '../../language/language.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import type { Tone } from '../../parts/state-tag.tsx';
import { texts } from './texts.ts';

export type Verdict = 'given' | 'partly' | 'masked' | 'withheld';

/** What an ask comes to. */
export function verdictOf({ allowed, ways }: { readonly allowed: boolean; readonly ways: readonly { readonly mask: string | null; readonly rows: string | null }[] }): Verdict {
  if (!allowed) return 'withheld';
  const plain = ways.filter(({ mask }) => mask === null);
  if (plain.length === 0) return 'masked';
  return plain.some(({ rows }) => rows === null) ? 'given' : 'partly';
}

const tones: Readonly<Record<Verdict, Tone>> = { given: 'good', partly: 'moving', masked: 'waits', withheld: 'stopped' };

/** The word. */
export function VerdictTag({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const t = useTexts(texts);
  return <StateTag tone={tones[verdict]}>{t[verdict]}</StateTag>;
}

/** One side of a text that the hub writes in both languages. */
const sideOf = (words: string, language: Language): string => words.split(' · ')[language === 'zh' ? 0 : 1] ?? words;

/** The rows of all ways. */
export function RowsOf({ ways }: { readonly ways: readonly { readonly mask: string | null; readonly rows: string | null }[] }): ReactNode {
  const { language } = useLanguage();
  const told = [...new Set(ways.map(({ mask, rows }) => [mask, rows === null ? null : sideOf(rows, language)].filter((part) => part !== null).join('：')))].filter((part) => part !== '');
  return told.length === 0 ? '—' : told.map((one) => <div key={one}>{one}</div>);
}

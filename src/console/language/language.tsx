/**
 * Chinese by default, English by a switch. Texts stand in pairs, `{ zh, en }`, in the folder that says them, so that none can be
 * missing in one language: `const texts = pairs({ title: { zh: '目录', en: 'Catalog' } })`, and in a component
 * `const t = useTexts(texts)`, then `t.title`. A text with something in it is a function: `t.found(3)`.
 */
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

export type Language = 'zh' | 'en';

type Told = string | ((...given: never[]) => string);

/** One text in both languages. */
export interface Pair<Text extends Told = string> {
  readonly zh: Text;
  readonly en: Text;
}

type Pairs = Readonly<Record<string, { readonly zh: Told; readonly en: Told }>>;
type TextOf<P> = P extends { readonly zh: infer Text } ? (Text extends string ? string : Text) : never;
type TextsOf<T> = { readonly [Name in keyof T]: TextOf<T[Name]> };

/** Declares texts. */
export const pairs = <const T extends Pairs>(texts: T): T => texts;

interface Switch {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const LanguageContext = createContext<Switch>({ language: 'zh', choose: () => undefined });
const kept = 'hub-language';

/** Gives the language to everything below it, and remembers it on this machine. */
export function LanguageProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(() => (localStorage.getItem(kept) === 'en' ? 'en' : 'zh'));
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  const choose = useCallback((next: Language) => {
    localStorage.setItem(kept, next);
    setLanguage(next);
  }, []);
  const value = useMemo(() => ({ language, choose }), [language, choose]);
  return <LanguageContext.Provider value={value}>{children}</LanguageContext.Provider>;
}

/** The language, and how to change it. */
export const useLanguage = (): Switch => useContext(LanguageContext);

/** Texts in the language of the page. */
export function useTexts<T extends Pairs>(texts: T): TextsOf<T> {
  const { language } = useLanguage();
  return useMemo(() => Object.fromEntries(Object.entries(texts).map(([name, pair]) => [name, pair[language]])) as TextsOf<T>, [texts, language]);
}

/** One text in the language of the page. */
export function useText(): (pair: Pair) => string {
  const { language } = useLanguage();
  return useCallback((pair: Pair) => pair[language], [language]);
}

const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });
const minute = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });

/** A moment as day and minute of civil time, the same in both languages (GB/T 7408). */
export const momentOf = (at: string): string => minute.format(new Date(at));

/** The civil day of a moment. */
export const dayOf = (at: string | Date): string => day.format(new Date(at));

/** A number with separators. */
export const numberOf = (value: number): string => value.toLocaleString('en-US');

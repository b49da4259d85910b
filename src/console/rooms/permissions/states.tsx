/**
 * How a cell looks: a colour and a word of one character, so that nobody needs to tell colours apart.
 */
import type { ReactNode } from 'react';
import type { CellState } from '../../generated/enums.ts';
import { useText } from '../../language/language.tsx';
import type { Pair } from '../../language/language.tsx';
import type { Mark } from './view.ts';

/** What a state is called, its sign in a cell, and what it means. */
export const states: Readonly<Record<CellState, { readonly name: Pair; readonly sign: Pair; readonly means: Pair }>> = {
  SHOWN: { name: { zh: '可见', en: 'Shown' }, sign: { zh: '见', en: 'S' }, means: { zh: '在可具名的任何事项下均可取得原值', en: 'The value itself, under every matter that may be named' } },
  PARTLY: { name: { zh: '部分可见', en: 'Partly' }, sign: { zh: '部', en: 'P' }, means: { zh: '原值仅限部分行或部分事项', en: 'The value itself on some rows, or for some matters' } },
  MASKED: { name: { zh: '脱敏', en: 'Masked' }, sign: { zh: '脱', en: 'M' }, means: { zh: '只可取得脱敏后的值', en: 'A masked value only' } },
  VERIFY_ONLY: { name: { zh: '仅可核验', en: 'Verify only' }, sign: { zh: '核', en: 'V' }, means: { zh: '只答是否', en: 'A yes/no about it only' } },
  FIND_ONLY: { name: { zh: '仅可查找', en: 'Find only' }, sign: { zh: '查', en: 'F' }, means: { zh: '可据以查找或知其存在，值不可得', en: 'May be found by or known to exist; the value is not to be had' } },
  WITHHELD: { name: { zh: '不可得', en: 'Withheld' }, sign: { zh: '–', en: '–' }, means: { zh: '不予提供', en: 'Nothing' } },
};

export const stateNames = Object.keys(states) as CellState[];

/** What is denied by name is withheld, and looks so. */
const denied = { zh: '禁', en: 'D' } as const;

/** The sign of a cell. */
export const signOf = ({ state, denial }: Mark): Pair => (denial === null ? states[state].sign : denied);

/** The look of a cell, as a class (grid.css). */
export const lookOf = ({ state, denial }: Mark): string => (denial === null ? state : 'DENIED');

/** A state with its sign, as a small mark beside text. */
export function StateMark({ mark }: { readonly mark: Mark }): ReactNode {
  const text = useText();
  return <span className={`hub-cell-mark hub-cell-${lookOf(mark)}`} aria-hidden="true">{text(signOf(mark))}</span>;
}

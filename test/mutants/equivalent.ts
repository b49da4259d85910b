/**
 * Mutants that nobody could tell from the original, each with the reason. Kept few: a mutant that a test could kill gets a test.
 */

/** One of them, by the line it stands in and what it changes. */
export interface Equivalent {
  readonly file: string;
  /** The line, trimmed. */
  readonly line: string;
  readonly was: string;
  readonly becomes: string;
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [
  { file: 'src/sharing/catalog.ts', line: 'const strictness: Readonly<Record<ShareType, number>> = { UNCONDITIONAL: 0, CONDITIONAL: 1, NOT_SHARED: 2 };', was: '0', becomes: '(-1)',
    why: 'Only the order counts.' },
  { file: 'src/sharing/catalog.ts', line: 'const strictness: Readonly<Record<ShareType, number>> = { UNCONDITIONAL: 0, CONDITIONAL: 1, NOT_SHARED: 2 };', was: '2', becomes: '(3)',
    why: 'Only the order counts.' },
  { file: 'src/sharing/catalog.ts', line: 'const stricter = (one: ShareType, other: ShareType): ShareType => (strictness[one] >= strictness[other] ? one : other);', was: '>=', becomes: '>',
    why: 'Two that are equally strict are the same.' },
  { file: 'src/sharing/grant.ts', line: 'if (at !== null && at > now && (until === null || at < until)) until = at;', was: 'at !== null && at > now', becomes: 'at > now',
    why: 'Null is not greater than any text.' },
  { file: 'src/sharing/grant.ts', line: 'if (at !== null && at > now && (until === null || at < until)) until = at;', was: '<', becomes: '<=',
    why: 'The same moment once more is the same moment.' },
  { file: 'src/sharing/mask.ts', line: 'const [first = \'\', second] = characters;', was: '\'\'', becomes: '\'mutant\'',
    why: 'Without a first character there is no second one.' },
  { file: 'src/sharing/mask.ts', line: 'const county = new RegExp(`^(?:${above}+(?:省|自治区))?(?:${above}+(?:市|盟|自治州|地区))?(?:(?:(?!自治州)${above})+[县区旗市])?`, \'u\');', was: '\'u\'', becomes: '\'\'',
    why: 'Nothing is counted here, so halves of a character match as the whole does.' },
  { file: 'src/sharing/mask.ts', line: 'return \'****\';', was: '\'****\'', becomes: 'null',
    why: 'All parts of a county are optional, so that it is found in every text.' },
  { file: 'src/sharing/mask.ts', line: 'return \'****\';', was: '\'****\'', becomes: '\'\'',
    why: 'All parts of a county are optional, so that it is found in every text.' },
  { file: 'src/sharing/reach.ts', line: 'if (verdict.until !== null && (this.until === null || verdict.until < this.until)) this.until = verdict.until;', was: '<', becomes: '<=',
    why: 'The same moment once more is the same moment.' },
  { file: 'src/sharing/rows.ts', line: 'return rows !== \'all\' && rows.length === 0;', was: 'rows !== \'all\' && rows.length === 0', becomes: 'rows.length === 0',
    why: 'The text \'all\' has a length too.' },
  { file: 'src/sharing/rows.ts', line: 'return rows !== \'all\' && rows.length === 0;', was: '\'all\'', becomes: '\'\'',
    why: 'The text \'all\' has a length too.' },
  { file: 'src/sharing/rows.ts', line: 'for (const term of [...terms].sort((a, b) => a.length - b.length)) {', was: '(a, b) => a.length - b.length', becomes: '',
    why: 'Without a comparison terms are sorted as texts, in which every bound is the same text: by their length.' },
];

/**
 * The fonts of printed copies, and which of them can write what.
 *
 * Noto Sans SC holds every character of GB 2312, of 通用规范汉字表 and of the blocks of Unicode up to U+9FFF and from U+3400 to U+4DB5; Noto
 * Serif Tibetan holds Tibetan. A name must never be printed with a character silently missing, or as a box: what neither of them can
 * write is printed as its code point, 〔U+20BB7〕, as is everything that cannot be seen. Both are under the SIL Open Font License (THIRD-PARTY.md).
 */
import { readFileSync } from 'node:fs';
import { create } from 'fontkit';

/** A font, by the name that the paper calls it. */
export type FontName = 'plain' | 'bold' | 'tibetan';

/** A piece of text that one font writes. */
export interface Run {
  readonly font: FontName;
  readonly text: string;
}

const files: Readonly<Record<FontName, string>> = {
  plain: '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf',
  tibetan: '@expo-google-fonts/noto-serif-tibetan/400Regular/NotoSerifTibetan_400Regular.ttf',
};

/** Fonts as they were read, and what they can write. */
export interface Fonts {
  readonly bytes: Readonly<Record<FontName, Buffer>>;
  /** A text in pieces; `bold` where it can be. */
  runs(text: string, bold: boolean): readonly Run[];
}

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** What cannot be seen: controls, formats that turn text about, private use, code points without a character. Blanks are seen. */
const unseen = /\p{C}|\p{Zl}|\p{Zp}/u;

/** Reads the fonts. */
export function openFonts(): Fonts {
  const bytes = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, readFileSync(new URL(import.meta.resolve(file)))])) as Record<FontName, Buffer>;
  const covers = Object.fromEntries(Object.entries(bytes).map(([name, font]) => {
    const opened = create(font);
    if (!('hasGlyphForCodePoint' in opened)) throw new Error(`${name} is a collection of fonts, not a font.`);
    return [name, (codePoint: number) => opened.hasGlyphForCodePoint(codePoint)];
  })) as Record<FontName, (codePoint: number) => boolean>;
  const fontOf = (grapheme: string, bold: boolean): FontName | null => {
    const points = [...grapheme].map((char) => char.codePointAt(0) ?? 0);
    return (bold ? ['bold', 'tibetan'] as const : ['plain', 'tibetan'] as const).find((name) => points.every(covers[name])) ?? null;
  };
  return {
    bytes,
    runs: (text, bold) => {
      const runs: { font: FontName; text: string }[] = [];
      const put = (font: FontName, piece: string): void => {
        const last = runs.at(-1);
        if (last?.font === font) last.text += piece;
        else runs.push({ font, text: piece });
      };
      for (const { segment: whole } of graphemes.segment(text)) {
        // A Latin letter and its accent have one glyph together; no Chinese character is ever exchanged for a like one.
        const segment = /^\p{Script=Latin}/u.test(whole) ? whole.normalize('NFC') : whole;
        const font = unseen.test(segment) ? null : fontOf(segment, bold);
        if (font !== null) put(font, segment);
        // Part by part: what of a cluster can be written is written.
        else for (const char of segment) put((unseen.test(char) ? null : fontOf(char, bold)) ?? (bold ? 'bold' : 'plain'), unseen.test(char) || fontOf(char, bold) === null ? codePointOf(char) : char);
      }
      return runs;
    },
  };
}

function codePointOf(char: string): string {
  return `〔U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}〕`;
}

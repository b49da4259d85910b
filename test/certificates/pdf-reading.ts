/**
 * Reads back what the hub's PDFs hold: their texts, by each font's own table of characters, and the QR code as it is drawn. It knows
 * the few forms that these files have, and no other PDF.
 */
import { inflateSync } from 'node:zlib';

/** A PDF as it was read. */
export interface ReadPdf {
  /** Pieces of text page by page, in the order in which they are drawn. */
  readonly pages: readonly (readonly string[])[];
  /** All of it without blanks, to find a text however it is parted. */
  readonly plain: string;
  /** Names of the fonts that are embedded. */
  readonly fonts: readonly string[];
  /** The content of each page. */
  readonly contents: readonly string[];
}

/** Reads it. */
export function readPdf(file: Buffer): ReadPdf {
  const text = file.toString('latin1');
  const objects = new Map([...text.matchAll(/\n(\d+) 0 obj\n([^]*?)\nendobj/g)].map(([, number = '', body = '']) => [number, body]));
  const at = (number: string | undefined): string => objects.get(number ?? '') ?? '';
  const streamOf = (body: string): string => {
    const raw = Buffer.from(/stream\r?\n([^]*)\r?\nendstream/.exec(body)?.[1] ?? '', 'latin1');
    return (body.includes('/FlateDecode') ? inflateSync(raw) : raw).toString('latin1');
  };
  const pageBodies = [...objects.values()].filter((body) => /\/Type \/Page\b(?!s)/.test(body));
  const contents = pageBodies.map((body) => streamOf(at(/\/Contents (\d+) 0 R/.exec(body)?.[1])));
  const tables = new Map<string, ReadonlyMap<string, string>>();
  for (const body of pageBodies) {
    const resources = at(/\/Resources (\d+) 0 R/.exec(body)?.[1]);
    for (const [, name = '', font] of (/\/Font <<([^]*?)>>/.exec(resources)?.[1] ?? '').matchAll(/\/(F\d+) (\d+) 0 R/g)) tables.set(name, charactersIn(streamOf(at(/\/ToUnicode (\d+) 0 R/.exec(at(font))?.[1]))));
  }
  const pages = contents.map((content) => textsIn(content, tables));
  const fonts = [...objects.values()].flatMap((body) => (body.includes('/FontDescriptor') && body.includes('/FontFile2') ? /\/FontName \/(\S+)/.exec(body)?.[1] ?? [] : []));
  return { pages, plain: pages.flat().join('').replace(/\s/g, ''), fonts, contents };
}

/** A font's characters by the code that is drawn. */
function charactersIn(table: string): ReadonlyMap<string, string> {
  const characters = new Map<string, string>();
  for (const [, from = '0', list = ''] of table.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
    [...list.matchAll(/<([0-9a-f ]*)>/gi)].forEach(([, hex = ''], n) => characters.set((parseInt(from, 16) + n).toString(16).padStart(4, '0'), Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le')));
  }
  return characters;
}

function textsIn(content: string, tables: ReadonlyMap<string, ReadonlyMap<string, string>>): readonly string[] {
  let characters: ReadonlyMap<string, string> = new Map();
  const texts: string[] = [];
  for (const [, font, drawn] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font !== undefined) characters = tables.get(font) ?? new Map();
    else texts.push([...(drawn ?? '').matchAll(/<([0-9a-f]+)>/gi)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []).map((code) => characters.get(code.toLowerCase()) ?? '\ufffd').join(''));
  }
  return texts;
}

/** The QR code of a page as a picture: what is drawn between its white ground and the filling of its dots. */
export function pictureOfCode(content: string): { readonly width: number; readonly height: number; readonly data: Uint8Array } | null {
  const [, ground, drawn] = /([\d.]+ [\d.]+ [\d.]+ [\d.]+) re\s+\/DeviceRGB cs\s+1 1 1 scn\s+f\s+((?:[\d.]+ [\d.]+ [\d.]+ [\d.]+ re\s+)+)/.exec(content) ?? [];
  if (ground === undefined || drawn === undefined) return null;
  const [left, top, size] = ground.split(' ').map(Number) as [number, number, number];
  const pixels = 600;
  const data = new Uint8Array(pixels * pixels * 4).fill(255);
  const scaled = (length: number): number => Math.round(length / size * pixels);
  for (const [, x, y, width, height] of drawn.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re/g)) {
    for (let row = scaled(Number(y) - top); row < scaled(Number(y) - top + Number(height)); row += 1) {
      for (let column = scaled(Number(x) - left); column < scaled(Number(x) - left + Number(width)); column += 1) data.fill(0, (row * pixels + column) * 4, (row * pixels + column) * 4 + 3);
    }
  }
  return { width: pixels, height: pixels, data };
}

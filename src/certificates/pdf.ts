/**
 * Draws the paper of an annotated copy as a PDF on A4. Works on texts alone, with fonts that are embedded as far as they are used; the
 * same paper makes the same bytes. It takes a hundred milliseconds and more, so it runs in a thread of its own (`pdf-thread.ts`).
 */
import PDFDocument from 'pdfkit';
import encodeQR from 'qr';
import type { FontName, Fonts, Run } from './fonts.ts';
import type { Line, Paper } from './paper.ts';

/** Points, 1/72 inch. */
const page = { width: 595.28, height: 841.89, margin: 48, foot: 50 } as const;
const inner = page.width - 2 * page.margin;
const label = { width: 132, size: 9.5, english: 7 } as const;
const row = { size: 10.5 } as const;
const rowHeight = row.size * 1.4;
const [black, grey, red, light] = ['#1a1a1a', '#6b6b6b', '#b3261e', '#d0d0d0'] as const;

interface Style {
  readonly size: number;
  readonly bold?: boolean;
  readonly color?: string;
  /** Of the line's height, by its size; 1.5 unless told. */
  readonly leading?: number;
}

/** Draws it. */
export function drawPaper(paper: Paper, fonts: Fonts): Promise<Buffer> {
  return new Sheet(paper, fonts).draw();
}

class Sheet {
  readonly #doc: PDFKit.PDFDocument;
  readonly #paper: Paper;
  readonly #fonts: Fonts;
  #y: number = page.margin;

  constructor(paper: Paper, fonts: Fonts) {
    this.#paper = paper;
    this.#fonts = fonts;
    const at = new Date(paper.issuedAt);
    this.#doc = new PDFDocument({
      size: 'A4', margin: 0, bufferPages: true, lang: 'zh-CN', displayTitle: true,
      info: { Title: `${paper.title} · 加注件 ${paper.copyId}`, Subject: '电子证照加注件 · Annotated copy of an electronic certificate', Creator: 'county data hub', Producer: 'county data hub', CreationDate: at, ModDate: at },
    });
    for (const [name, bytes] of Object.entries(fonts.bytes)) this.#doc.registerFont(name, bytes);
    this.#doc.on('pageAdded', () => this.#watermark());
  }

  draw(): Promise<Buffer> {
    const doc = this.#doc;
    const parts: Buffer[] = [];
    const done = new Promise<Buffer>((resolve, reject) => {
      doc.on('data', (part: Buffer) => parts.push(part));
      doc.on('end', () => resolve(Buffer.concat(parts)));
      doc.on('error', reject);
    });
    this.#watermark();
    this.#content();
    this.#feet();
    doc.end();
    return done;
  }

  #content(): void {
    const { title, lines, face, withheld, annotation } = this.#paper;
    this.#centred('电子证照加注件', { size: 12, color: red, bold: true });
    this.#centred('Annotated copy of an electronic certificate', { size: 8, color: grey });
    this.#y += 6;
    this.#centred(title, { size: 22, bold: true });
    this.#y += 8;
    this.#table(lines);
    if (face.length > 0) {
      this.#heading('照面信息', 'Face of the certificate');
      this.#table(face);
    }
    if (withheld.length > 0) {
      this.#y += 6;
      this.#paragraph(`本件未载明使用单位无权获取的项目 · Not shown, because the department may not have them: ${withheld.join('；')}`, { size: 8, color: grey });
    }
    this.#note(annotation);
    this.#check();
  }

  /** The annotation, framed. It is not parted from its heading. */
  #note(lines: readonly Line[]): void {
    this.#y += 12;
    this.#room(200);
    const top = this.#y;
    const on = this.#pages;
    this.#y += 8;
    this.#centred('加 注 件', { size: 18, bold: true, color: red });
    this.#centred('仅限下列用途使用，另作他用无效 · For this use only', { size: 8, color: red });
    this.#y += 2;
    this.#table(lines, 10);
    this.#y += 6;
    if (this.#pages === on) this.#doc.rect(page.margin, top, inner, this.#y - top).lineWidth(1.2).strokeColor(red).stroke();
  }

  /** The QR code, the printed code, and what to do with them. */
  #check(): void {
    const size = 110;
    this.#y += 12;
    this.#room(size + 8);
    const [top, left] = [this.#y, page.margin + size + 14];
    this.#code(page.margin, top, size);
    const width = inner - size - 14;
    this.#y = top;
    this.#paragraph('扫描左侧二维码，或在数据中枢凭电子证照标识和下列校验码核验本件真伪与现时效力 · Scan the code, or verify at the hub by the identifier and this printed code:', { size: 8.5 }, left, width);
    this.#y += 2;
    this.#paragraph(this.#paper.code, { size: 13, bold: true }, left, width);
    this.#y += 2;
    this.#paragraph(this.#paper.signature, { size: 7.5, color: grey }, left, width);
    this.#y = Math.max(this.#y, top + size);
  }

  #code(x: number, y: number, size: number): void {
    const dots = encodeQR(this.#paper.address, 'raw', { ecc: 'medium', border: 4 });
    const dot = size / dots.length;
    this.#doc.rect(x, y, size, size).fill('#ffffff');
    // Dark dots beside each other are one piece: between two of them a reader would draw a pale line.
    dots.forEach((row, down) => {
      for (const { index, 0: { length } } of row.map((dark) => (dark ? '1' : '0')).join('').matchAll(/1+/g)) this.#doc.rect(x + index * dot, y + down * dot, length * dot, dot);
    });
    this.#doc.fill('#000000');
  }

  #heading(text: string, english: string): void {
    this.#y += 10;
    this.#room(40);
    this.#line(page.margin, [...this.#fonts.runs(text, true)], { size: 11, bold: true });
    this.#line(page.margin + this.#width(this.#fonts.runs(text, true), 11) + 8, this.#fonts.runs(english, false), { size: 8, color: grey }, 11);
    this.#y += 18;
  }

  #table(lines: readonly Line[], inset = 0): void {
    const [left, right] = [page.margin + inset, page.margin + inner - inset];
    const rule = (): void => {
      this.#doc.moveTo(left, this.#y).lineTo(right, this.#y).lineWidth(0.5).strokeColor(light).stroke();
    };
    for (const { label: name, english, text } of lines) {
      const [named, rows] = [this.#wrapped(name, { size: label.size, bold: true }, label.width - 8), this.#wrapped(text, row, right - left - label.width - 6)];
      // A cell that no page can hold goes on line by line.
      this.#room(Math.min(Math.max(named.length, rows.length), 8) * rowHeight + 6);
      rule();
      this.#y += 3;
      const [top, on] = [this.#y, this.#pages];
      named.forEach((runs, n) => this.#lineAt(left + 4, top + n * rowHeight + 0.5, runs, { size: label.size, bold: true }));
      const beside = this.#width(named.at(-1) ?? [], label.size) + 8;
      this.#lineAt(left + beside, top + (named.length - 1) * rowHeight + label.size - label.english + 0.5, this.#fonts.runs(english, false), { size: label.english, color: grey });
      for (const runs of rows) {
        this.#room(rowHeight);
        this.#line(left + label.width, runs, row);
        this.#y += rowHeight;
      }
      this.#y = (this.#pages === on ? Math.max(this.#y, top + named.length * rowHeight) : this.#y) + 3;
    }
    rule();
  }

  get #pages(): number {
    return this.#doc.bufferedPageRange().count;
  }

  #centred(text: string, style: Style): void {
    for (const runs of this.#wrapped(text, style, inner)) {
      this.#line(page.margin + (inner - this.#width(runs, style.size)) / 2, runs, style);
      this.#y += style.size * (style.leading ?? 1.5);
    }
  }

  #paragraph(text: string, style: Style, x: number = page.margin, width: number = inner): void {
    for (const runs of this.#wrapped(text, style, width)) {
      this.#room(style.size * 1.5);
      this.#line(x, runs, style);
      this.#y += style.size * (style.leading ?? 1.5);
    }
  }

  /** Begins a new page where there is no such room left. */
  #room(height: number): void {
    if (this.#y + height <= page.height - page.foot) return;
    this.#doc.addPage();
    this.#y = page.margin;
  }

  #line(x: number, runs: readonly Run[], style: Style, of = style.size): void {
    this.#lineAt(x, this.#y + (of - style.size), runs, style);
  }

  #lineAt(x: number, y: number, runs: readonly Run[], { size, color = black }: Style): void {
    let at = x;
    for (const { font, text } of runs) {
      this.#doc.font(font).fontSize(size).fillColor(color).text(text, at, y + size * 1.05, { lineBreak: false, baseline: 'alphabetic' });
      at += this.#widthOf(font, text, size);
    }
  }

  #width(runs: readonly Run[], size: number): number {
    return runs.reduce((sum, { font, text }) => sum + this.#widthOf(font, text, size), 0);
  }

  #widthOf(font: FontName, text: string, size: number): number {
    return this.#doc.font(font).fontSize(size).widthOfString(text);
  }

  /** A text in lines of this width. Between Chinese characters and behind blanks and Tibetan tsheg a line may end; a longer word is cut. */
  #wrapped(text: string, { size, bold = false }: Style, width: number): readonly (readonly Run[])[] {
    const lines: Run[][] = [[]];
    let used = 0;
    const put = ({ font, text: piece }: Run, wide: number): void => {
      const line = lines.at(-1) as Run[];
      const last = line.at(-1);
      if (last?.font === font) line[line.length - 1] = { font, text: last.text + piece };
      else line.push({ font, text: piece });
      used += wide;
    };
    for (const { font, text: whole } of this.#fonts.runs(text, bold)) {
      for (const word of whole.match(/[\u2e80-\u9fff\u3000-\u30ff\uff00-\uffef\u{20000}-\u{323af}]|[^\s་\u2e80-\u9fff\uff00-\uffef\u{20000}-\u{323af}]*(?:\s+|་+|$)|[^\s་\u2e80-\u9fff\uff00-\uffef\u{20000}-\u{323af}]+/gu) ?? []) {
        if (word === '') continue;
        const wide = this.#widthOf(font, word, size);
        if (used + wide <= width || (used > 0 && word.trim() === '')) {
          put({ font, text: word }, wide);
          continue;
        }
        if (used > 0) {
          lines.push([]);
          used = 0;
        }
        for (const piece of wide <= width ? [word] : [...word]) {
          const own = this.#widthOf(font, piece, size);
          if (used + own > width && used > 0) {
            lines.push([]);
            used = 0;
          }
          put({ font, text: piece }, own);
        }
      }
    }
    return lines;
  }

  /** Across the whole page, below all else. */
  #watermark(): void {
    const doc = this.#doc;
    doc.save().rotate(-32, { origin: [page.width / 2, page.height / 2] }).fillOpacity(0.13);
    const runs = this.#fonts.runs(this.#paper.watermark, false);
    const step = this.#width(runs, 13) + 40;
    for (let down = -260, row = 0; down < page.height + 260; down += 96, row += 1) {
      for (let along = -300 - (row % 2) * (step / 2); along < page.width + 300; along += step) this.#lineAt(along, down, runs, { size: 13, color: '#555555' });
    }
    doc.restore();
  }

  #feet(): void {
    const count = this.#pages;
    for (let n = 0; n < count; n += 1) {
      this.#doc.switchToPage(n);
      this.#y = page.height - 36;
      this.#centred(`加注件 ${this.#paper.copyId} · 第 ${n + 1} 页，共 ${count} 页 · page ${n + 1} of ${count}`, { size: 8, color: grey });
    }
  }
}

/**
 * A copy on paper: every text that was to stand on it can be read from the file, rare and Tibetan characters too; what no font can write
 * is told by its code point; the QR code leads where it should; and the same paper is the same file.
 */
import decodeQR from 'qr/decode.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { openFonts } from '../../src/certificates/fonts.ts';
import type { Fonts } from '../../src/certificates/fonts.ts';
import type { Face } from '../../src/certificates/face.ts';
import { paperOf } from '../../src/certificates/paper.ts';
import type { Annotation } from '../../src/certificates/paper.ts';
import { drawPaper } from '../../src/certificates/pdf.ts';
import { pictureOfCode, readPdf } from './pdf-reading.ts';

const note: Annotation = {
  copyId: '7K2M9QXD4T', code: '7K2M9-QXD4T-8H3F-9A2B-CDEF-GHJK', address: 'https://hub.example.gov.cn/c/7K2M9QXD4T-8H3F9A2BCDEFGHJK', cause: '核对申请人身份', department: '天祝县民政局', application: '民政业务系统',
  operator: 'MZ-0317', matter: '最低生活保障申请与年审', matterCode: '620623-MZ-DB', caseNo: '2026-118', issuedAt: '2026-11-24T02:01:00.000Z', expiresAt: '2026-12-01T16:00:00.000Z', keyVersion: 1,
};
const values: Face['values'] = {
  typeName: '居民身份证', certificateName: '居民身份证', certificateNumber: '620623199001011234', holderNames: ['扎西·多吉', '王小明'], issuingAuthorityName: '天祝藏族自治县公安局', issuedOn: '2016-03-01',
  validFrom: '2016-03-01', validTo: null, validityRange: '长期', status: '01', certificateIdentifier: '1.2.156.3005.2.111000000000133382032.11620623006231010F.2016000000011.001.X',
  faceItems: { 姓名: '扎西·多吉', 住址: '甘肃省武威市天祝藏族自治县华藏寺镇' },
};
const faceOf = (own: Face['values'] = {}, withheld: Face['withheld'] = []): Face => ({ recordId: '', subjects: [], withheld, background: { issuerCode: null, holders: [], unknownHolders: false, needsAuthorization: false }, values: { ...values, ...own } });

let fonts: Fonts;
beforeAll(() => { fonts = openFonts(); });
const drawn = async (face: Face = faceOf(), own: Partial<Annotation> = {}): Promise<Buffer> => drawPaper(paperOf(face, { ...note, ...own }), fonts);
const bare = (text: string): string => text.replace(/\s/g, '');

describe('the paper', () => {
  test('holds the face, the annotation, the printed code and how it is signed', async () => {
    const { plain, fonts: embedded } = readPdf(await drawn());
    for (const text of ['电子证照加注件', '居民身份证', '620623199001011234', '扎西·多吉、王小明', '天祝藏族自治县公安局', '2016-03-01至长期', '有效valid', values.certificateIdentifier as string, '甘肃省武威市天祝藏族自治县华藏寺镇',
      note.cause, '天祝县民政局（民政业务系统）', note.operator, '最低生活保障申请与年审（620623-MZ-DB）', note.caseNo, '2026-11-24 10:01（北京时间）', '2026-12-02 00:00（北京时间）', note.code, 'SM2/SM3', `仅限天祝县民政局办理「最低生活保障申请与年审」使用 ${note.copyId}`]) expect(plain).toContain(bare(text));
    expect(plain).not.toContain('\ufffd');
    // Every font is embedded as far as it is used.
    expect(embedded.map((name) => name.replace(/^[A-Z]{6}\+/, ''))).toEqual(expect.arrayContaining(['NotoSansSC-Regular', 'NotoSansSC-Bold']));
    for (const name of embedded) expect(name).toMatch(/^[A-Z]{6}\+/);
  });

  test('writes rare and Tibetan characters, and tells of others by their code points', async () => {
    const file = await drawn(faceOf({ holderNames: ['𫖯㛃䶮', 'བཀྲ་ཤིས་རྡོ་རྗེ', '\u{20BB7}田', 'a\u202Eb\u0007', 'e\u0301', '\uE000'] }));
    const { plain } = readPdf(file);
    for (const text of ['𫖯㛃䶮', 'བཀྲ་ཤིས་རྡོ་རྗེ', '〔U+20BB7〕田', 'a〔U+202E〕b〔U+0007〕', 'é', '〔U+E000〕']) expect(plain).toContain(text);
    expect(plain).not.toContain('\ufffd');
    // A box is what a font draws for code 0.
    expect(readPdf(file).contents.join('')).not.toMatch(/<0000/);
  });

  test('says what it does not show', async () => {
    const { plain } = readPdf(await drawn(faceOf({ faceItems: undefined }, ['holderCodes', 'faceItems'])));
    expect(plain).toContain('持证主体代码Codeofholder；照面信息Faceitems');
    expect(plain).not.toContain('华藏寺镇');
    expect(readPdf(await drawn()).plain).not.toContain('本件未载明');
  });

  test('is the same file for the same paper, and another one for another', async () => {
    expect((await drawn()).equals(await drawn())).toBe(true);
    expect((await drawn()).equals(await drawn(faceOf(), { cause: '另一事由' }))).toBe(false);
  });

  test('goes on over pages with nothing lost, each with its mark and number', async () => {
    const faceItems = Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`项目${n + 1}`, `第${n + 1}项之内容`]).concat([['长', '很长的内容'.repeat(900)]]));
    const { pages, plain } = readPdf(await drawn(faceOf({ faceItems })));
    expect(pages.length).toBeGreaterThan(3);
    for (let n = 1; n <= 90; n += 1) expect(plain).toContain(`第${n}项之内容`);
    expect(plain.match(/[很长的内容]/g)?.length).toBeGreaterThanOrEqual(4500);
    pages.forEach((texts, n) => {
      expect(bare(texts.join(''))).toContain(`第${n + 1}页，共${pages.length}页`);
      expect(bare(texts.join(''))).toContain('仅限天祝县民政局');
    });
  });

  test('of a certificate with few items is one page, its check beside its annotation', async () => {
    expect(readPdf(await drawn(faceOf({ version: '001', holderCodes: ['620623199001011234', '620623199101010024'] }))).pages).toHaveLength(1);
  });

  test('has a QR code that leads to the address of its check', async () => {
    const pictures = readPdf(await drawn()).contents.map(pictureOfCode).filter((picture) => picture !== null);
    expect(pictures.map((picture) => decodeQR(picture))).toEqual([note.address]);
  });
});

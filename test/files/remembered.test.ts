import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remembering } from '../../src/files/remembered.ts';
import { unsure } from '../../src/records/claim-schema.ts';

/** A reading with every kind of outcome, which notes what it was asked. */
function reading(): { read: (sent: unknown) => unknown; asked: unknown[] } {
  const asked: unknown[] = [];
  const read = (sent: unknown): unknown => {
    asked.push(sent);
    if (typeof sent !== 'string' || sent.startsWith('?')) return unsure;
    if (sent.includes('**')) return undefined;
    if (sent === '长期') return null;
    return sent.includes(';') ? sent.split(';') : sent === '是' ? true : sent.toUpperCase();
  };
  return { read, asked };
}

describe('a memory of cells', () => {
  it('gives what reading gives, whatever comes in whatever order', () => {
    const cell = fc.oneof(fc.constantFrom('是', '长期', 'a;b', '?', '刘**', '', '620623100001', '6206231000010', 7, null), fc.string({ maxLength: 20 }), fc.integer({ min: 0, max: 3000 }).map((n) => `c${n}`));
    fc.assert(fc.property(fc.array(cell, { maxLength: 300 }), (cells) => {
      const [plain, remembered] = [reading().read, remembering(reading().read)];
      for (const sent of cells) expect(remembered(sent)).toStrictEqual(plain(sent));
    }));
  });

  it('asks once for a cell that comes again, and each time for one that is masked, long, a list or for the schema to judge', () => {
    const { read, asked } = reading();
    const remembered = remembering(read);
    const each = ['01', '长期', '是', '刘**', 'a;b', '?', '一二三四五六七八九十一二三'];
    for (let time = 0; time < 5; time += 1) for (const sent of each) remembered(sent);
    expect(each.map((sent) => asked.filter((one) => one === sent).length)).toEqual([1, 1, 1, 5, 5, 5, 5]);
  });

  it('gives up a column whose cells do not come again, and keeps one of many codes', () => {
    const [names, codes] = [reading(), reading()];
    const [ofNames, ofCodes] = [remembering(names.read), remembering(codes.read)];
    for (let row = 0; row < 20_000; row += 1) {
      ofNames(`n${row}`);
      ofCodes(`c${row % 500}`);
    }
    ofNames('n19999');
    expect(names.asked.length).toBe(20_001);
    expect(codes.asked.length).toBe(500);
  });
});

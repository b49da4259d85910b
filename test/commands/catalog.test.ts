/**
 * The form of the catalog as departments hand it in: a sheet of Excel and CSV in either encoding are the same table.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTable } from '../../src/catalog/table.ts';
import { cellsIn } from '../../src/commands/catalog.ts';

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'hub-catalog-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = [
  ['信息资源代码', '信息资源名称', '信息资源摘要', '信息资源格式', '格式类型', '信息项代码', '信息项名称', '共享类型', '共享条件', '共享方式', '数据分级', '是否向社会开放', '更新周期', '数据长度'],
  ['306401/1', '收养登记', '收养登记名册', '数据库', 'mysql', 'MZ-1', '收养人', '有条件共享', '凭收养事项', '接口', 'S3', '否', '每月', '622326198001010010'],
  ['', '', '', '', '', 'MZ-2', '登记日期', '无条件共享', '', '', 'S1', '是', '', '8'],
];

/** A ZIP file of texts. */
function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [path, plain] = [Buffer.from(name), Buffer.from(text)];
    const packed = deflateRawSync(plain);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(path.length, 22);
    locals.push(Buffer.from('PK\x03\x04'), common, path, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, rest, path);
    offset += 30 + path.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), end]);
}

function sheetOf(cells: readonly (readonly string[])[]): Buffer {
  const ns = 'http://schemas.openxmlformats.org';
  const cell = (text: string): string => (/^\d+$/.test(text) ? `<c><v>${text}</v></c>` : `<c t="inlineStr"><is><t>${text}</t></is></c>`);
  const at = (row: number, column: number): string => `${String.fromCharCode(65 + column)}${row + 1}`;
  const data = cells.map((row, y) => `<row r="${y + 1}">${row.map((text, x) => (text === '' ? '' : cell(text).replace('<c', `<c r="${at(y, x)}"`))).join('')}</row>`).join('');
  return zipOf({
    '[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="${ns}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    '_rels/.rels': `<?xml version="1.0"?><Relationships xmlns="${ns}/package/2006/relationships"><Relationship Id="rId1" Type="${ns}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${ns}/spreadsheetml/2006/main" xmlns:r="${ns}/officeDocument/2006/relationships"><sheets><sheet name="目录" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<?xml version="1.0"?><Relationships xmlns="${ns}/package/2006/relationships"><Relationship Id="rId1" Type="${ns}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><worksheet xmlns="${ns}/spreadsheetml/2006/main"><sheetData>${data}</sheetData></worksheet>`,
  });
}

it('a sheet, CSV in UTF-8 and with semicolons are one table', async () => {
  const files = { 'a.xlsx': sheetOf(rows), 'a.csv': rows.map((row) => row.join(',')).join('\r\n'), 'b.csv': `\uFEFF${rows.map((row) => row.join(';')).join('\n')}\n` };
  const tables = await Promise.all(Object.entries(files).map(async ([name, content]) => {
    writeFileSync(join(folder, name), content);
    return readTable(await cellsIn(join(folder, name)));
  }));
  expect(tables[0]).toMatchObject([{ code: '306401/1', formatCategory: 'DATABASE', updateCycle: 'MONTHLY', items: [{ code: 'MZ-1', shareType: 'CONDITIONAL', sensitivity: 'S3', dataLength: '622326198001010010' }, { code: 'MZ-2', shareType: 'UNCONDITIONAL', open: true, dataLength: '8' }] }]);
  expect(tables[1]).toEqual(tables[0]);
  expect(tables[2]).toEqual(tables[0]);
});

it('GB18030 is read too, and what is no table is refused', async () => {
  // 信息项代码 in GB18030.
  writeFileSync(join(folder, 'g.csv'), Buffer.from('d0c5cfa2cfeeb4fac2eb', 'hex'));
  expect(await cellsIn(join(folder, 'g.csv'))).toEqual([['信息项代码']]);
  writeFileSync(join(folder, 'n.xlsx'), 'PK no sheet');
  for (const name of ['n.xlsx', 'none.csv']) await expect(cellsIn(join(folder, name))).rejects.toThrow(/cannot be read as a table/);
});

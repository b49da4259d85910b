/**
 * The evaluation as the file that is handed in (报送): a row for each month and department, then the period as a whole, then the grants
 * that were not needed. As CSV one table of the months and the period; as a workbook (XLSX) a sheet for each.
 *
 * Heads are bilingual. Cells that a spreadsheet would take for a formula are written as text.
 */
import writeWorkbook from 'write-excel-file/node';
import type { Cell, SheetData } from 'write-excel-file/node';
import { rowText, spreadsheetCell } from '../files/csv.ts';
import { figureNames } from './evaluate.ts';
import type { DepartmentFigures, Evaluation, FigureName } from './evaluate.ts';

/** How it is written. */
export type EvaluationFormat = 'CSV' | 'XLSX';

const heads: Readonly<Record<FigureName, string>> = {
  itemsProvided: '提供信息项数 · Items provided', answers: '提供答复次数 · Answers provided', items: '提供项次 · Items delivered', requests: '使用次数 · Requests answered', refused: '被拒次数 · Requests refused',
  lookups: '办件查询次数 · Look-ups for matters', papersAsked: '应交材料数 · Papers asked', papersSaved: '免交材料数 · Papers saved',
  deadlinesKept: '按期办结 · Deadlines kept', deadlinesMissed: '逾期 · Deadlines missed', deadlinesOpen: '在办 · Deadlines open',
  changes: '报送变更数 · Changes told', changesRejected: '被拒变更数 · Changes rejected', quarantined: '隔离条目数 · Entries in quarantine', conflicts: '疑义数 · Conflicts',
  discrepancies: '校核请求数 · Discrepancies reported', discrepanciesCorrected: '经校核更正数 · Discrepancies corrected', grantsUnused: '未使用授权数 · Grants unused', grantsOverBroad: '过度授权数 · Grants over-broad',
};
const whole = '合计 · Period';
const kinds = { UNUSED: '未使用 · Unused', OVER_BROAD: '过度授权 · Over-broad' } as const;

/** The file: the text of a CSV, or the bytes of a workbook in base64. */
export async function evaluationFile(evaluation: Evaluation, format: EvaluationFormat): Promise<string> {
  const rows = [...evaluation.months, ...evaluation.departments];
  if (format === 'CSV') return `\uFEFF${[figureHead, ...rows.map(figureRow)].map((row) => rowText(row.map((cell) => (typeof cell === 'number' ? String(cell) : spreadsheetCell(cell))))).join('')}`;
  const sheets = [
    { sheet: '各月 Months', data: sheetOf(figureHead, evaluation.months.map(figureRow)), columns: widths, stickyRowsCount: 1 },
    { sheet: '合计 Period', data: sheetOf(figureHead, evaluation.departments.map(figureRow)), columns: widths, stickyRowsCount: 1 },
    { sheet: '授权 Grants', data: sheetOf(grantHead, evaluation.grants.map(({ departmentCode, consumer, approvalNo, kind, items, unused }) => [departmentCode, consumer, approvalNo, kinds[kind], items.length, unused.length, unused.join(' ')])), columns: grantHead.map(() => ({ width: 24 })), stickyRowsCount: 1 },
  ];
  return (await writeWorkbook(sheets).toBuffer()).toString('base64');
}

const figureHead = ['月份 · Month', '部门代码 · Department code', '部门 · Department', ...figureNames.map((name) => heads[name])];
const grantHead = ['部门代码 · Department code', '应用 · Consumer', '批准文号 · Approval', '结论 · Finding', '信息项数 · Items', '未使用项数 · Items unused', '未使用信息项 · Which'];
const widths = figureHead.map((_, index) => ({ width: index === 2 ? 36 : 18 }));

function figureRow(row: DepartmentFigures): readonly (string | number)[] {
  return [row.month ?? whole, row.departmentCode, row.departmentName, ...figureNames.map((name) => row[name])];
}

/** Texts are cells of the type text, whatever they begin with. */
function sheetOf(head: readonly string[], rows: readonly (readonly (string | number)[])[]): SheetData {
  const cell = (value: string | number): Cell => (typeof value === 'number' ? { value, type: Number } : { value, type: String });
  return [head.map((value): Cell => ({ value, type: String, fontWeight: 'bold', wrap: true })), ...rows.map((row) => row.map(cell))];
}

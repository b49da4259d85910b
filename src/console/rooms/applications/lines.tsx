/**
 * The lines of an application: each item, what is to be done with it, on which rows, and what was decided about it.
 */
import { Flex, Table, Typography } from 'antd';
import type { TableColumnsType, TableProps } from 'antd';
import type { ReactNode } from 'react';
import { pairs, useText, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { useDirectory } from '../../parts/directory.ts';
import { modeNames, namesOfUse } from '../../parts/names.ts';
import { ShareTypeTag, StateTag } from '../../parts/state-tag.tsx';
import type { Line } from './moves.ts';
import { texts } from './texts.ts';

const boundTexts = pairs({
  ownRows: { zh: (department: string) => `${department}提供的记录`, en: (department: string) => `records supplied by ${department}` },
  division: { zh: (codes: string) => `区划 ${codes}`, en: (codes: string) => `divisions ${codes}` },
  category: { zh: (codes: string) => `机构类别 ${codes}`, en: (codes: string) => `categories ${codes}` },
  registrar: { zh: (codes: string) => `登记机关 ${codes}`, en: (codes: string) => `registrars ${codes}` },
  case: { zh: '办件当事人', en: 'subjects of the case' },
  list: { zh: (code: string) => `名单 ${code}`, en: (code: string) => `list ${code}` },
  authorization: { zh: '经主体授权', en: 'authorized by the subject' },
});

/** The bounds of a line in words, all of which must hold. */
function useBoundWords(): (line: Line) => string[] {
  const t = useTexts(boundTexts);
  const names = useDirectory();
  return ({ bounds }) => bounds.map((bound) => (bound.ownRows !== null ? t.ownRows(names.department(bound.ownRows))
    : bound.division !== null ? t.division(bound.division.codes.join('、'))
    : bound.category !== null ? t.category(bound.category.join('、'))
    : bound.registrar !== null ? t.registrar(bound.registrar.join('、'))
    : bound.list !== null ? t.list(bound.list)
    : bound.case === true ? t.case : t.authorization));
}

interface LinesProps {
  readonly lines: readonly Line[];
  /** In place of what was decided: how it is decided now. */
  readonly deciding?: (line: Line) => ReactNode;
  readonly selection?: TableProps<Line>['rowSelection'];
}

/** The table. */
export function Lines({ lines, deciding, selection }: LinesProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const names = useDirectory();
  const boundWords = useBoundWords();
  const columns: TableColumnsType<Line> = [
    { title: t.item, key: 'item', width: 210, render: (_value, { item }) => {
      const shareType = names.itemOf(item)?.shareType;
      return <Flex vertical gap={2}><span>{names.item(item)}</span><Flex gap={8} align="center"><Code>{item}</Code>{shareType !== undefined && <ShareTypeTag type={shareType} />}</Flex></Flex>;
    } },
    { title: t.uses, key: 'uses', width: 96, render: (_value, { uses, modes }) => <Flex vertical><span>{uses.map((use) => text(namesOfUse[use])).join('、')}</span><Typography.Text type="secondary" style={{ fontSize: 12 }}>{modes.map((mode) => text(modeNames[mode])).join('、')}</Typography.Text></Flex> },
    { title: t.extent, key: 'extent', width: 140, render: (_value, line) => [line.mask === null ? t.wholeValue : t.masked(line.mask), ...boundWords(line), ...(line.quotaPerDay === null ? [] : [t.perDay(line.quotaPerDay)])].join('；') },
    { title: t.provider, key: 'provider', width: 130, render: (_value, { item, reviewedBy }) => {
      const code = reviewedBy ?? names.itemOf(item)?.ownerDepartmentCode;
      return code === undefined ? '—' : names.department(code);
    } },
    { title: t.decision, key: 'decision', render: (_value, line) => deciding?.(line) ?? <Decided line={line} /> },
  ];
  return <Table<Line> size="small" rowKey="line" columns={columns} dataSource={[...lines]} pagination={false} scroll={{ x: deciding === undefined ? 680 : 900 }} {...(selection === undefined ? {} : { rowSelection: selection })} />;
}

function Decided({ line: { item, decision, reason, reviewedBy } }: { readonly line: Line }): ReactNode {
  const t = useTexts(texts);
  const names = useDirectory();
  const takesAnswer = reviewedBy !== null || names.itemOf(item)?.shareType !== 'UNCONDITIONAL';
  return (
    <Flex gap={8} wrap align="center">
      {decision === null
        ? <StateTag tone="still">{takesAnswer ? t.undecided : t.precheckOnly}</StateTag>
        : <StateTag tone={decision === 'APPROVED' ? 'good' : 'stopped'}>{decision === 'APPROVED' ? t.approved : t.refused}</StateTag>}
      {reason !== null && <Typography.Text type="secondary">{reason}</Typography.Text>}
    </Flex>
  );
}

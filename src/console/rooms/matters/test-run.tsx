/**
 * Runs a draft as an application would, about somebody who is not there, and shows each fact as it would be answered.
 */
import { PlayCircleOutlined } from '@ant-design/icons';
import { Button, Flex, Table, Tooltip, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import type { FactStatus } from '../../generated/enums.ts';
import type { TestMatterVersionMutation } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { Clipped } from '../../parts/clipped.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import type { Tone } from '../../parts/state-tag.tsx';
import { ConsumerSelect } from './consumer-select.tsx';
import { TestVersion } from './documents.ts';
import type { Known, Matter } from './matters.ts';
import { statusNames, texts } from './texts.ts';

type Answer = NonNullable<TestMatterVersionMutation['testMatterVersion']>[number];

const tones: Readonly<Record<FactStatus, Tone>> = {
  HELD: 'good', MATCH: 'good', TRUE: 'good', NOT_HELD: 'still', MISMATCH: 'still', FALSE: 'still', UNKNOWN: 'still',
  WITHHELD: 'stopped', STALE: 'waits', SOURCE_UNREACHABLE: 'stopped', UNDER_CHECK: 'waits', PENDING: 'moving',
};

interface TestRunProps {
  readonly matter: Matter;
  readonly version: number;
  readonly known: Known;
  readonly dirty: boolean;
}

/** The run. */
export function TestRun({ matter, version, known, dirty }: TestRunProps): ReactNode {
  const t = useTexts(texts);
  const [consumer, setConsumer] = useState(() => known.consumers.find((own) => own.departmentCode === matter.departmentCode)?.code);
  const run = useChange(TestVersion);
  const answers = run.data?.testMatterVersion;
  return (
    <>
      <Typography.Paragraph type="secondary" style={{ margin: '4px 0 12px' }}>{t.testWhy}</Typography.Paragraph>
      <Flex gap={12} align="center" wrap style={{ marginBottom: 12 }}>
        <ConsumerSelect consumers={known.consumers} value={consumer} onChange={setConsumer} />
        <Tooltip title={dirty ? t.testDirty : undefined}>
          <Button type="primary" icon={<PlayCircleOutlined />} disabled={dirty || consumer === undefined} loading={run.isPending} onClick={() => consumer !== undefined && run.mutate({ matter: matter.code, version, consumer })}>{t.testRun}</Button>
        </Tooltip>
        {answers && <Typography.Text>{t.testSum(answers.length, answers.filter(({ status }) => status === 'WITHHELD').length)}</Typography.Text>}
      </Flex>
      {run.error && <ProblemShown problem={run.error} />}
      {answers && <Answers answers={answers} known={known} />}
    </>
  );
}

function Answers({ answers, known }: { readonly answers: readonly Answer[]; readonly known: Known }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const columns: TableColumnsType<Answer> = [
    { title: t.factName, key: 'name', width: 230, render: (_value, { name, code }) => <Flex vertical>{name}<Typography.Text type="secondary" className="hub-code">{code}</Typography.Text></Flex> },
    { title: t.paper, dataIndex: 'paper', width: 160, render: (paper: string | null) => paper ?? '—' },
    { title: t.result, dataIndex: 'status', width: 130, render: (status: FactStatus) => <StateTag tone={tones[status]}>{text(statusNames[status])}</StateTag> },
    { title: t.provider, dataIndex: 'departmentCodes', width: 200, render: (codes: readonly string[]) => <Clipped>{codes.length === 0 ? '—' : codes.map(known.department).join('、')}</Clipped> },
    { title: t.why, dataIndex: 'because', render: (because: string | null) => (because === null ? '—' : <Clipped lines={2} secondary>{because}</Clipped>) },
  ];
  return <Table<Answer> size="small" rowKey={({ code, role, index }) => `${role} ${index} ${code}`} columns={columns} dataSource={[...answers]} scroll={{ x: 900 }} pagination={false} />;
}

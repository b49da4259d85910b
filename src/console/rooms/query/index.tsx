/**
 * The query room: an operation is written with the contract at hand, as one may see it, and sent as oneself, by the same way that
 * every other room asks. It is what GraphiQL is (its language service checks and completes here too) with an editor that is light
 * and needs no worker; loaded when the room is entered.
 */
import { BookOutlined, CaretRightFilled, FormatPainterOutlined } from '@ant-design/icons';
import { Alert, Button, Card, Flex, Segmented, Spin, Tooltip, Typography } from 'antd';
import { parse, print } from 'graphql';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useSession } from '../../api/session.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { roleNames } from '../../parts/names.ts';
import { Page } from '../../parts/page.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { Docs } from './docs.tsx';
import { Editor } from './editor.tsx';
import { skeletonOf } from './skeleton.ts';
import { texts } from './texts.ts';
import { useKept } from './kept.ts';
import { useContract, useRun } from './run.ts';

const first = '{\n  me {\n    code\n    name\n    role\n    departmentName\n  }\n}\n';

export default function QueryRoom(): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { name, role } = useSession();
  const [operation, setOperation] = useKept('operation', first);
  const [variables, setVariables] = useKept('variables', '');
  const [side, setSide] = useState<'variables' | 'result'>('result');
  const [docs, setDocs] = useState(true);
  const [asked, setAsked] = useState<string | null>(null);
  const contract = useContract();
  const run = useRun();
  const send = (): void => {
    setSide('result');
    run.mutate({ operation, variables });
  };
  const tidy = (): void => {
    try {
      setOperation(`${print(parse(operation))}\n`);
    } catch {
      // What cannot be read is marked in the editor already.
    }
  };
  return (
    <Page
      title={t.title}
      about={t.about(name, text(roleNames[role]))}
      actions={(
        <>
          <Button icon={<BookOutlined />} aria-pressed={docs} onClick={() => setDocs(!docs)}>{t.docs}</Button>
          <Button icon={<FormatPainterOutlined />} onClick={tidy}>{t.tidy}</Button>
          <Tooltip title="Ctrl + Enter"><Button type="primary" icon={<CaretRightFilled />} loading={run.isPending} onClick={send}>{t.run}</Button></Tooltip>
        </>
      )}
    >
      {contract.error && <ProblemShown problem={contract.error} again={() => void contract.refetch()} />}
      <Flex gap={12} align="stretch" wrap className="hub-query" style={{ height: 'calc(100vh - 190px)', minHeight: 460 }}>
        {docs && (
          <Card size="small" style={{ width: 320, flex: 'none', height: '100%' }} styles={{ body: { padding: 0, height: '100%', overflow: 'hidden' } }}>
            {contract.data === undefined ? <Flex justify="center" style={{ padding: 40 }}><Spin /></Flex> : <Docs schema={contract.data} asked={asked} onAsked={setAsked} onTake={(kind, field) => setOperation(skeletonOf(kind, field))} />}
          </Card>
        )}
        <Card size="small" title={t.operation} style={{ flex: '1 1 340px', minWidth: 0, height: '100%', display: 'flex', flexDirection: 'column' }} styles={{ body: { padding: 0, flex: 1, minHeight: 0 } }}>
          <Editor label={t.operation} language="graphql" text={operation} onText={setOperation} onRun={send} schema={contract.data} onType={setAsked} />
        </Card>
        <Card
          size="small" style={{ flex: '1 1 340px', minWidth: 0, height: '100%', display: 'flex', flexDirection: 'column' }} styles={{ body: { padding: 0, flex: 1, minHeight: 0 } }}
          title={<Segmented size="small" aria-label={t.side} value={side} onChange={setSide} options={[{ value: 'result', label: t.result }, { value: 'variables', label: t.variables }]} />}
          extra={run.data && <Typography.Text type="secondary" style={{ fontSize: 12 }}>{t.took(run.data.ms, run.data.bytes)}</Typography.Text>}
        >
          {side === 'variables'
            ? <Editor key="variables" label={t.variables} language="json" text={variables} onText={setVariables} onRun={send} hint={t.variablesHint} />
            : run.data === undefined || run.isPending
              ? <Typography.Paragraph type="secondary" style={{ padding: 16, margin: 0 }}>{run.isPending ? t.waiting : t.nothing}</Typography.Paragraph>
              : (
                <Flex vertical style={{ height: '100%' }}>
                  {run.data.refused > 0 && <Alert banner type="warning" title={t.refused(run.data.refused)} />}
                  <div style={{ flex: 1, minHeight: 0 }}><Editor key="result" label={t.result} language="json" text={run.data.text} /></div>
                </Flex>
              )}
        </Card>
      </Flex>
    </Page>
  );
}

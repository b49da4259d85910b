/**
 * One information resource with its national core metadata, and its items.
 */
import { Button, Card, Descriptions, Flex, Form, Input, Modal, Table, Timeline, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useAsk, useChange } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { ShareType } from '../../generated/enums.ts';
import { momentOf, useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { dataTypeNames, formatCategoryNames, resourceStateNames, sensitivityNames, updateCycleNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { oneOrTwo, Page } from '../../parts/page.tsx';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { ShareTypeTag, StateTag } from '../../parts/state-tag.tsx';
import { itemPath, resourcePath, useCatalog } from './catalog.ts';
import type { Item } from './catalog.ts';
import { CatalogResourceStates, DraftWithdrawal } from './documents.ts';
import { draftPath } from './drafts.tsx';
import { editTexts } from './edit-texts.ts';
import { texts } from './texts.ts';

/** The page of a resource. */
export function ResourcePage(): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { code = '' } = useParams();
  const { answer, whole } = useCatalog();
  const resource = whole?.resource.get(code);
  const e = useTexts(editTexts);
  const go = useNavigate();
  const { role, departmentCode } = useSession();
  const drafts = role === 'STEWARD' && departmentCode === resource?.departmentCode;
  const columns: TableColumnsType<Item> = [
    { title: t.code, dataIndex: 'code', width: 120, render: (own: string) => <Link to={itemPath(own)}><Code>{own}</Code></Link> },
    { title: t.name, dataIndex: 'name', width: 200, ellipsis: true, render: (name: string) => <Clipped>{name}</Clipped> },
    { title: t.shareType, dataIndex: 'shareType', width: 118, render: (type: ShareType) => <ShareTypeTag type={type} /> },
    { title: t.sensitivity, dataIndex: 'sensitivity', width: 140, render: (level: string) => text(sensitivityNames[level] ?? { zh: level, en: level }) },
    { title: t.dataType, dataIndex: 'dataType', width: 110, render: (type: Item['dataType']) => (type === null ? '—' : text(dataTypeNames[type])) },
    { title: t.standard, dataIndex: 'standard', width: 180, ellipsis: true, render: (standard: string) => <Clipped>{standard === '' ? '—' : standard}</Clipped> },
    { title: t.condition, dataIndex: 'condition', ellipsis: true, responsive: ['xl'], render: (condition: string) => <Clipped secondary>{condition === '' ? '—' : condition}</Clipped> },
  ];
  return (
    <Page
      title={resource?.name ?? code}
      above={[{ title: t.title, to: '/catalog?list=resources' }]}
      actions={drafts && <><Button type="primary" onClick={() => void go(`${resourcePath(code)}/edit`)}>{e.draftChange}</Button>{resource?.state === 'PUBLISHED' && <Withdraw code={code} />}</>}
      state={resource && <><Code>{resource.code}</Code><ShareTypeTag type={resource.shareType} /><StateTag tone={resource.state === 'PUBLISHED' ? 'good' : 'still'}>{text(resourceStateNames[resource.state])}</StateTag></>}
    >
      <Answered by={answer}>
        {() => whole && (resource === undefined ? <Card><Nothing what={t.missingResource(code)} action={<Link to="/catalog">{t.back}</Link>} /></Card> : (
          <Flex vertical gap={16}>
            <Card>
              <Descriptions bordered size="small" column={oneOrTwo} styles={{ label: { width: 150 } }} items={[
                { key: 'abstract', label: t.abstract, span: 'filled', children: resource.abstract },
                { key: 'department', label: t.department, children: <Flex gap={8} wrap align="baseline">{resource.departmentName}<Code>{resource.departmentCode}</Code></Flex> },
                { key: 'uscc', label: t.uscc, children: resource.providerUscc === '' ? '—' : <Code>{resource.providerUscc}</Code> },
                { key: 'format', label: t.format, children: [text(formatCategoryNames[resource.formatCategory]), resource.formatType, resource.formatNote].filter(Boolean).join(' · ') },
                { key: 'mode', label: t.shareMode, children: resource.shareMode },
                { key: 'cycle', label: t.updateCycle, children: text(updateCycleNames[resource.updateCycle]) },
                { key: 'published', label: t.publishedOn, children: resource.publishedOn },
                { key: 'open', label: t.openCondition, children: resource.openCondition === '' ? '—' : resource.openCondition },
                { key: 'related', label: t.related, children: resource.relatedCodes.length === 0 ? '—' : <Flex gap={8} wrap align="baseline">{resource.relatedCodes.map((own) => <Link key={own} to={resourcePath(own)}><Code>{own}</Code></Link>)}</Flex> },
              ]} />
            </Card>
            <Card title={t.items} styles={{ body: { paddingTop: 8 } }}>
              <Table<Item> size="small" rowKey="code" columns={columns} dataSource={whole.items.filter((item) => item.resource === resource.code)} scroll={{ x: 900 }} pagination={{ defaultPageSize: 50, hideOnSinglePage: true, showTotal: t.total, size: 'small' }} />
            </Card>
            {(role === 'STEWARD' || role === 'SECURITY' || role === 'AUDIT') && <Card title={e.resourceHistory}><History code={code} /></Card>}
          </Flex>
        ))}
      </Answered>
    </Page>
  );
}

function History({ code }: { readonly code: string }): ReactNode {
  const text = useText();
  const t = useTexts(texts);
  const states = useAsk(CatalogResourceStates, { resource: code });
  return (
    <Answered by={states} rows={2}>
      {({ catalogResourceStates }) => (
        <Timeline items={(catalogResourceStates ?? []).toReversed().map(({ name, at, by, state, abstract }, i) => ({ color: i === 0 ? 'blue' : 'gray', content: (
          <>
            <Flex gap={10} wrap align="baseline"><span className="hub-date">{momentOf(at)}</span><Typography.Text strong>{name}</Typography.Text><StateTag tone={state === 'PUBLISHED' ? 'good' : 'still'}>{text(resourceStateNames[state])}</StateTag><Typography.Text type="secondary">{t.changedBy(by)}</Typography.Text></Flex>
            <Typography.Text type="secondary">{abstract}</Typography.Text>
          </>
        ) }))} />
      )}
    </Answered>
  );
}

/** Drafts that the resource is withdrawn, and why. */
function Withdraw({ code }: { readonly code: string }): ReactNode {
  const t = useTexts(editTexts);
  const go = useNavigate();
  const [form] = Form.useForm<{ basis: string }>();
  const [open, setOpen] = useState(false);
  const change = useChange(DraftWithdrawal);
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>{t.draftWithdrawal}</Button>
      <Modal open={open} destroyOnHidden title={`${t.draftWithdrawal} · ${code}`} okText={t.draftIt} cancelText={t.cancel} okButtonProps={{ danger: true, loading: change.isPending }} onOk={() => form.submit()} onCancel={() => setOpen(false)}>
        {change.error && <ProblemShown problem={change.error} />}
        <Form form={form} layout="vertical" requiredMark={false} onFinish={({ basis }) => change.mutate({ resource: code, basis }, { onSuccess: ({ draftWithdrawal }) => draftWithdrawal && void go(draftPath(draftWithdrawal.number)) })}>
          <Form.Item name="basis" label={t.basis} rules={[{ required: true, whitespace: true, message: t.missing }]}><Input.TextArea autoFocus autoSize={{ minRows: 3 }} maxLength={500} showCount /></Form.Item>
        </Form>
      </Modal>
    </>
  );
}

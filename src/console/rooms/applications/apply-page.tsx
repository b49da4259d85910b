/**
 * The applicant's side: from a matter, or from a query that is pasted in, to the items that are lacking, to a draft that asks for
 * all of them. Nothing is run and no record is read on the way.
 */
import { App, Button, Card, DatePicker, Flex, Form, Input, InputNumber, Segmented, Select, Switch, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import dayjs from 'dayjs';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useAsk, useChange } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { ItemsOfOperationQuery } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { useDirectory } from '../../parts/directory.ts';
import { namesOfUse } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { ShareTypeTag, StateTag } from '../../parts/state-tag.tsx';
import { ApplyForMatter, ApplyForOperation, ItemsOfMatter, ItemsOfOperation } from './documents.ts';
import { texts } from './texts.ts';

type Needed = ItemsOfOperationQuery['itemsNeeded'][number];

/** What is asked about: a matter, or a document. */
interface Need {
  readonly consumer: string;
  readonly matter: string | null;
  readonly document: string | null;
}

/** The page. */
export function ApplyPage(): ReactNode {
  const t = useTexts(texts);
  const { departmentCode } = useSession();
  const names = useDirectory();
  const own = names.consumers.filter((consumer) => consumer.departmentCode === departmentCode);
  const [from, setFrom] = useState<'matter' | 'query'>('matter');
  const [need, setNeed] = useState<Need | null>(null);
  const ask = (given: { consumer: string; matter?: string; document?: string }): void => setNeed({ consumer: given.consumer, matter: from === 'matter' ? given.matter ?? null : null, document: from === 'query' ? given.document ?? null : null });
  return (
    <Page title={t.apply} about={t.applyAbout} above={[{ title: t.title, to: '/applications' }]}>
      <Flex vertical gap={16}>
        <Card>
          {names.consumers.length > 0 && own.length === 0 ? <Nothing what={t.noConsumer} next={t.noConsumerNext} /> : (
            <Form layout="vertical" requiredMark={false} onFinish={ask} style={{ maxWidth: 760 }}>
              <Flex gap={16} wrap>
                <Form.Item name="consumer" label={t.applyFor} rules={[{ required: true, message: t.missing }]} style={{ flex: 1, minWidth: 260 }}>
                  <Select showSearch={{ optionFilterProp: 'label' }} options={own.map(({ code, name }) => ({ value: code, label: `${name} ${code}` }))} />
                </Form.Item>
                <Form.Item label={t.applyFrom}>
                  <Segmented<'matter' | 'query'> aria-label={t.applyFrom} value={from} onChange={setFrom} options={[{ value: 'matter', label: t.fromMatter }, { value: 'query', label: t.fromQuery }]} />
                </Form.Item>
              </Flex>
              {from === 'matter' ? (
                <Form.Item name="matter" label={t.matter} rules={[{ required: true, message: t.missing }]}>
                  <Select showSearch={{ optionFilterProp: 'label' }} options={names.matters.map(({ code, name }) => ({ value: code, label: `${name} ${code}` }))} />
                </Form.Item>
              ) : (
                <Form.Item name="document" label={t.query} extra={t.queryHint} rules={[{ required: true, message: t.missing }]}>
                  <Input.TextArea className="hub-code" spellCheck={false} autoSize={{ minRows: 6, maxRows: 18 }} style={{ whiteSpace: 'pre' }} />
                </Form.Item>
              )}
              <Button type={need === null ? 'primary' : 'default'} htmlType="submit">{t.look}</Button>
            </Form>
          )}
        </Card>
        {need !== null && (need.document === null ? <OfMatter need={need} matter={need.matter ?? ''} /> : <OfQuery need={need} document={need.document} />)}
      </Flex>
    </Page>
  );
}

function OfMatter({ need, matter }: { readonly need: Need; readonly matter: string }): ReactNode {
  const answer = useAsk(ItemsOfMatter, { consumer: need.consumer, matter });
  return <Answered by={answer}>{({ itemsNeededByMatter }) => <NeededItems need={need} items={itemsNeededByMatter} />}</Answered>;
}

function OfQuery({ need, document }: { readonly need: Need; readonly document: string }): ReactNode {
  const answer = useAsk(ItemsOfOperation, { consumer: need.consumer, document });
  return <Answered by={answer}>{({ itemsNeeded }) => <NeededItems need={need} items={itemsNeeded} />}</Answered>;
}

function NeededItems({ need, items }: { readonly need: Need; readonly items: readonly Needed[] }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const names = useDirectory();
  const lacking = items.filter((own) => own.lacking.length > 0);
  const columns: TableColumnsType<Needed> = [
    { title: t.item, key: 'item', width: 220, render: (_value, { item, itemName }) => <Flex vertical><span>{itemName ?? item}</span><Code>{item}</Code></Flex> },
    { title: t.state, key: 'state', width: 120, render: (_value, own) => (own.lacking.length === 0 ? <StateTag tone="good">{t.has}</StateTag> : own.applicable ? <StateTag tone="waits">{t.lacks}</StateTag> : <StateTag tone="stopped">{t.cannot}</StateTag>) },
    { title: t.uses, key: 'uses', width: 130, render: (_value, own) => (own.lacking.length > 0 ? own.lacking : own.uses).map((use) => text(namesOfUse[use])).join('、') },
    { title: t.provider, key: 'provider', width: 220, render: (_value, own) => <Flex vertical gap={2} align="flex-start"><Clipped>{own.ownerDepartmentCode === null ? '—' : names.department(own.ownerDepartmentCode)}</Clipped>{own.shareType !== null && <ShareTypeTag type={own.shareType} />}</Flex> },
    { title: t.reason, key: 'because', render: (_value, own) => <Clipped lines={2} secondary>{own.because ?? '—'}</Clipped> },
  ];
  return (
    <>
      <Card title={t.needed(items.length, lacking.length)} styles={{ body: { paddingTop: 8 } }}>
        <Table<Needed> size="small" rowKey="item" columns={columns} dataSource={items.toSorted((a, b) => b.lacking.length - a.lacking.length)} pagination={{ defaultPageSize: 20, hideOnSinglePage: true, size: 'small' }} scroll={{ x: 800 }} />
      </Card>
      {lacking.some(({ applicable }) => applicable) ? <DraftForm need={need} /> : <Card><Typography.Text>{t.nothingLacking}</Typography.Text></Card>}
    </>
  );
}

interface Given {
  readonly matters: readonly string[];
  readonly legalBasis: string;
  readonly scenario: string;
  readonly purpose: string;
  readonly validTo: Dayjs;
  readonly underCase?: boolean;
  readonly quotaPerDay?: number | null;
}

function DraftForm({ need }: { readonly need: Need }): ReactNode {
  const t = useTexts(texts);
  const names = useDirectory();
  const go = useNavigate();
  const { message } = App.useApp();
  const ofQuery = useChange(ApplyForOperation);
  const ofMatter = useChange(ApplyForMatter);
  const sending = need.document === null ? ofMatter : ofQuery;
  const open = (number: string): void => {
    void message.success(t.drafted);
    void go(`/applications/${encodeURIComponent(number)}`);
  };
  const send = ({ matters, validTo, underCase = false, quotaPerDay = null, ...said }: Given): void => {
    const application = { ...said, matters: [...matters], validTo: validTo.format('YYYY-MM-DD'), underCase, quotaPerDay };
    if (need.document === null) ofMatter.mutate({ consumer: need.consumer, matter: need.matter ?? '', application }, { onSuccess: ({ applyForMatter: { number } }) => open(number) });
    else ofQuery.mutate({ consumer: need.consumer, document: need.document, application }, { onSuccess: ({ applyForOperation: { number } }) => open(number) });
  };
  const required = [{ required: true, message: t.missing }];
  return (
    <Card title={t.content}>
      {sending.error && <ProblemShown problem={sending.error} />}
      <Form<Given> layout="vertical" requiredMark={false} onFinish={send} disabled={sending.isPending} style={{ maxWidth: 760 }} initialValues={{ matters: need.matter === null ? [] : [need.matter], validTo: dayjs().add(1, 'year'), underCase: true }}>
        <Form.Item name="matters" label={t.matters} rules={required}><Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={names.matters.map(({ code, name }) => ({ value: code, label: `${name} ${code}` }))} /></Form.Item>
        <Form.Item name="legalBasis" label={t.legalBasis} rules={required}><Input maxLength={500} /></Form.Item>
        <Form.Item name="scenario" label={t.scenario} rules={required}><Input.TextArea autoSize={{ minRows: 2 }} maxLength={500} /></Form.Item>
        <Form.Item name="purpose" label={t.purpose} rules={required}><Input.TextArea autoSize={{ minRows: 2 }} maxLength={500} /></Form.Item>
        <Flex gap={24} wrap>
          <Form.Item name="validTo" label={t.validTo} rules={required}><DatePicker allowClear={false} minDate={dayjs()} maxDate={dayjs().add(3, 'year')} /></Form.Item>
          <Form.Item name="quotaPerDay" label={t.quotaPerDay}><InputNumber min={1} max={1_000_000} style={{ width: 140 }} /></Form.Item>
          <Form.Item name="underCase" label={t.underCase} valuePropName="checked"><Switch checkedChildren={t.yes} unCheckedChildren={t.no} /></Form.Item>
        </Flex>
        <Button type="primary" htmlType="submit" loading={sending.isPending}>{t.draft}</Button>
      </Form>
    </Card>
  );
}

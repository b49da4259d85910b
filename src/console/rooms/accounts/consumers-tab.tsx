/**
 * Registered applications: their keys, and how much they may ask a minute.
 */
import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Checkbox, Flex, Form, Input, InputNumber, Modal, Select, Table, Tag, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import { numberOf, useTexts } from '../../language/language.tsx';
import { Clipped } from '../../parts/clipped.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { says, useKeeps } from './admitted.ts';
import type { Consumer, Everybody } from './admitted.ts';
import { RegisterConsumer, SetRequestsPerMinute } from './documents.ts';
import { KeyActions, KeysShown, KeysState } from './keys.tsx';
import type { Secret } from './shown-once.tsx';
import { texts } from './texts.ts';

interface TabProps {
  readonly everybody: Everybody;
  readonly onSecret: (secret: Secret) => void;
}

const holderOf = ({ code, name }: Consumer) => ({ kind: 'consumer' as const, code, name });

/** All of them. */
export function ConsumersTab({ everybody, onSecret }: TabProps): ReactNode {
  const t = useTexts(texts);
  const keeps = useKeeps();
  const [words, setWords] = useState('');
  const [registering, setRegistering] = useState(false);
  const [limited, setLimited] = useState<Consumer | null>(null);
  const rows = everybody.consumers.filter((own) => says(words, own.code, own.name, own.departmentName));
  const columns: TableColumnsType<Consumer> = [
    { title: t.consumer, key: 'consumer', width: 240, sorter: (a, b) => a.code.localeCompare(b.code), render: (_value, { code, name }) => <Flex vertical><Clipped>{name}</Clipped><Typography.Text type="secondary" className="hub-code">{code}</Typography.Text></Flex> },
    { title: t.department, dataIndex: 'departmentName', width: 220, ellipsis: true, sorter: (a, b) => a.departmentCode.localeCompare(b.departmentCode), render: (name: string) => <Clipped>{name}</Clipped> },
    { title: t.kind, key: 'kind', width: 180, render: (_value, { servicePlatform, citizenPortal, hubDivision }) => {
      const kinds = [servicePlatform && t.platform, citizenPortal && t.portal, hubDivision !== null && t.hub(hubDivision)].filter((kind) => kind !== false);
      return kinds.length === 0 ? '—' : <Flex gap={4} wrap>{kinds.map((kind) => <Tag key={kind} style={{ margin: 0 }}>{kind}</Tag>)}</Flex>;
    } },
    { title: t.perMinute, dataIndex: 'requestsPerMinute', width: 110, align: 'right', className: 'hub-number', render: (n: number | null) => (n === null ? <Typography.Text type="secondary">{t.unlimited}</Typography.Text> : numberOf(n)) },
    { title: t.keys, key: 'keys', width: 230, render: (_value, own) => <KeysState keys={everybody.keysOf(holderOf(own))} links={everybody.linksOf(holderOf(own)).length} /> },
    ...(keeps ? [{ title: t.actions, key: 'actions', width: 64, render: (_value: unknown, own: Consumer) => (
      <KeyActions holder={holderOf(own)} keys={everybody.keysOf(holderOf(own))} onSecret={onSecret} more={[{ key: 'limit', label: t.setPerMinute, onClick: () => setLimited(own) }]} />
    ) }] : []),
  ];
  return (
    <>
      <Flex justify="space-between" gap={8} wrap style={{ margin: '4px 0 12px' }}>
        <SearchBox label={t.search} words={words} onWords={setWords} width={260} />
        {keeps && <Button type="primary" icon={<PlusOutlined />} onClick={() => setRegistering(true)}>{t.register}</Button>}
      </Flex>
      <Table<Consumer> size="small" rowKey="code" columns={columns} dataSource={rows} scroll={{ x: 1000 }} expandable={{ expandedRowRender: (own) => <KeysShown keys={everybody.keysOf(holderOf(own))} links={everybody.linksOf(holderOf(own))} /> }} pagination={{ defaultPageSize: 50, hideOnSinglePage: true, showTotal: t.total, size: 'small' }} locale={{ emptyText: <Nothing what={t.nothing} next={t.nothingNext} /> }} />
      {keeps && <Register open={registering} everybody={everybody} onDone={() => setRegistering(false)} />}
      {limited !== null && <PerMinute consumer={limited} onDone={() => setLimited(null)} />}
    </>
  );
}

function PerMinute({ consumer: { code, name, requestsPerMinute }, onDone }: { readonly consumer: Consumer; readonly onDone: () => void }): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [form] = Form.useForm<{ readonly requestsPerMinute: number | null }>();
  const change = useChange(SetRequestsPerMinute);
  const send = (given: { readonly requestsPerMinute: number | null }): void => change.mutate({ consumer: code, requestsPerMinute: given.requestsPerMinute ?? null }, {
    onSuccess: () => {
      void message.success(t.perMinuteDone);
      onDone();
    },
  });
  return (
    <Modal open title={`${t.setPerMinute} · ${name}`} okText={t.setPerMinute} cancelText={t.cancel} onOk={() => form.submit()} onCancel={onDone} confirmLoading={change.isPending}>
      {change.error && <ProblemShown problem={change.error} />}
      <Form name="per-minute" form={form} layout="vertical" onFinish={send} initialValues={{ requestsPerMinute }}>
        <Form.Item name="requestsPerMinute" label={t.perMinute} extra={t.perMinuteHelp}><InputNumber min={1} precision={0} style={{ width: 160 }} /></Form.Item>
      </Form>
    </Modal>
  );
}

interface Registered {
  readonly code: string;
  readonly name: string;
  readonly departmentCode: string;
  readonly servicePlatform: boolean;
}

function Register({ open, everybody, onDone }: { readonly open: boolean; readonly everybody: Everybody; readonly onDone: () => void }): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [form] = Form.useForm<Registered>();
  const change = useChange(RegisterConsumer);
  const send = (consumer: Registered): void => change.mutate({ consumer }, {
    onSuccess: () => {
      void message.success(t.registered(consumer.code));
      form.resetFields();
      onDone();
    },
  });
  const required = [{ required: true, message: t.required }];
  return (
    <Modal open={open} title={t.register} okText={t.register} cancelText={t.cancel} onOk={() => form.submit()} onCancel={onDone} confirmLoading={change.isPending} forceRender>
      {change.error && <ProblemShown problem={change.error} />}
      <Form<Registered> name="register" form={form} layout="vertical" onFinish={send} initialValues={{ servicePlatform: false }}>
        <Form.Item name="code" label={t.code} extra={t.codeHelp} rules={[...required, { pattern: /^\S+$/, message: t.codeHelp }]}><Input autoComplete="off" /></Form.Item>
        <Form.Item name="name" label={t.consumer} rules={required}><Input autoComplete="off" /></Form.Item>
        <Form.Item name="departmentCode" label={t.department} rules={required}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={[...everybody.departments].map(([value, name]) => ({ value, label: `${name} · ${value}` }))} />
        </Form.Item>
        <Form.Item name="servicePlatform" valuePropName="checked"><Checkbox>{t.platformHelp}</Checkbox></Form.Item>
      </Form>
    </Modal>
  );
}

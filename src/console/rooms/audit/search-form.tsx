/**
 * What is searched for. The search begins when it is said, not as one types: each one is in the audit.
 */
import { Button, DatePicker, Flex, Form, Input, Select } from 'antd';
import dayjs from 'dayjs';
import type { Dayjs } from 'dayjs';
import type { ReactNode } from 'react';
import type { AuditChoicesQuery } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { kindNames, outcomeNames, texts } from './texts.ts';

interface Given {
  readonly kind?: string;
  readonly consumer?: string;
  readonly administrator?: string;
  readonly item?: string;
  readonly matter?: string;
  readonly outcome?: string;
  readonly time?: readonly [Dayjs | null, Dayjs | null] | null;
  readonly subject?: string;
}

interface SearchFormProps {
  readonly choices: AuditChoicesQuery | undefined;
  readonly said: (name: string) => string | null;
  readonly number: string;
  readonly busy: boolean;
  readonly onSearch: (change: Readonly<Record<string, string | null>>, subject: string) => void;
}

const idNumber = /^(\d{15}|\d{17}[\dXx])$/;
const uscc = /^[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{18}$/;

/** The subject that a number names; null: none. */
export function subjectOf(number: string): { readonly idNumber: string } | { readonly uscc: string } | null {
  if (number === '') return null;
  return idNumber.test(number) ? { idNumber: number } : { uscc: number.toUpperCase() };
}

/** The form. */
export function SearchForm({ choices, said, number, busy, onSearch }: SearchFormProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [form] = Form.useForm<Given>();
  const dayIn = (name: string): Dayjs | null => (said(name) === null ? null : dayjs(said(name)));
  const send = ({ kind, consumer, administrator, item, matter, outcome, time, subject }: Given): void => onSearch({
    kind: kind ?? null, consumer: consumer ?? null, administrator: administrator ?? null, item: item ?? null, matter: matter ?? null, outcome: outcome ?? null, from: time?.[0]?.format('YYYY-MM-DD') ?? null, to: time?.[1]?.format('YYYY-MM-DD') ?? null,
  }, (subject ?? '').trim());
  const named = (list: readonly { readonly code: string; readonly name: string }[] | null | undefined) => (list ?? []).map(({ code, name }) => ({ value: code, label: `${name} ${code}` }));
  const picked = { allowClear: true, showSearch: { optionFilterProp: 'label' }, style: { width: 210 } } as const;
  const clear = (): void => {
    form.setFieldsValue({ kind: undefined, consumer: undefined, administrator: undefined, item: undefined, matter: undefined, outcome: undefined, time: null, subject: '' } as never);
    send({});
  };
  return (
    <search><Form<Given> form={form} layout="vertical" onFinish={send} initialValues={{ kind: said('kind') ?? undefined, consumer: said('consumer') ?? undefined, administrator: said('administrator') ?? undefined, item: said('item') ?? undefined, matter: said('matter') ?? undefined, outcome: said('outcome') ?? undefined, time: said('from') === null && said('to') === null ? null : [dayIn('from'), dayIn('to')], subject: number }}>
      <Flex gap="0 12px" wrap align="flex-end">
        <Form.Item name="consumer" label={t.consumer}><Select {...picked} options={named(choices?.consumers)} /></Form.Item>
        <Form.Item name="administrator" label={t.administrator}><Select {...picked} options={named(choices?.administrators)} /></Form.Item>
        <Form.Item name="item" label={t.item}><Select {...picked} options={named(choices?.catalogItems)} /></Form.Item>
        <Form.Item name="matter" label={t.matter}><Select {...picked} options={named(choices?.matters)} /></Form.Item>
        <Form.Item name="kind" label={t.kind}><Select {...picked} style={{ width: 140 }} options={Object.entries(kindNames).map(([value, name]) => ({ value, label: text(name) }))} /></Form.Item>
        <Form.Item name="outcome" label={t.outcome}><Select {...picked} style={{ width: 160 }} options={Object.entries(outcomeNames).map(([value, name]) => ({ value, label: text(name) }))} /></Form.Item>
        <Form.Item name="time" label={t.time}><DatePicker.RangePicker allowEmpty={[true, true]} /></Form.Item>
        <Form.Item name="subject" label={t.subject} tooltip={t.subjectHint} rules={[{ validator: (_rule, value?: string) => (value === undefined || value.trim() === '' || idNumber.test(value.trim()) || uscc.test(value.trim()) ? Promise.resolve() : Promise.reject(new Error(t.subjectWrong))) }]}><Input autoComplete="off" spellCheck={false} style={{ width: 300 }} maxLength={18} /></Form.Item>
        <Form.Item><Flex gap={8}><Button type="primary" htmlType="submit" loading={busy}>{t.search}</Button><Button onClick={clear}>{t.clear}</Button></Flex></Form.Item>
      </Flex>
    </Form></search>
  );
}

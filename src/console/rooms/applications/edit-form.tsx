/**
 * What the applicant changes of a draft, or of what was returned to him: what it says, how long it holds, and which items it keeps; and
 * the renewal of what was approved. What is asked of an item comes from the need that the application was made of (apply-page.tsx).
 */
import { App, Button, DatePicker, Form, Input, Modal, Select } from 'antd';
import dayjs from 'dayjs';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useChange } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { ApplicationInput, BoundInput } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { useDirectory } from '../../parts/directory.ts';
import { ProblemShown } from '../../parts/problem.tsx';
import { EditApplication, RenewApplication } from './documents.ts';
import type { Application, Line } from './moves.ts';
import { moveTexts, texts } from './texts.ts';

/** A bound as it is sent: the one of its fields that is said. */
const boundSent = (bound: Line['bounds'][number]): BoundInput => Object.fromEntries(Object.entries(bound).filter(([, value]) => value !== null)) as unknown as BoundInput;

const lineSent = ({ item, uses, modes, mask, bounds, quotaPerDay }: Line): ApplicationInput['lines'] extends infer Lines ? Lines extends readonly (infer One)[] ? One : never : never =>
  ({ item, uses: [...uses], modes: [...modes], mask, bounds: bounds.map(boundSent), quotaPerDay });

interface Given {
  readonly matters: readonly string[];
  readonly legalBasis: string;
  readonly scenario: string;
  readonly purpose: string;
  readonly validTo: Dayjs;
  readonly lines: readonly number[];
}

/** The applicant's buttons beside his moves. */
export function ApplicantButtons({ application }: { readonly application: Application }): ReactNode {
  const { role, departmentCode } = useSession();
  if (role !== 'STEWARD' || departmentCode !== application.departmentCode) return null;
  if (application.state === 'DRAFT' || application.state === 'RETURNED') return <Edit key={application.version} application={application} />;
  return ['ACTIVE', 'PAUSED', 'EXPIRED'].includes(application.state) ? <Renew application={application} /> : null;
}

function Edit({ application }: { readonly application: Application }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const names = useDirectory();
  const { message } = App.useApp();
  const [form] = Form.useForm<Given>();
  const [open, setOpen] = useState(false);
  const change = useChange(EditApplication);
  const required = [{ required: true, message: t.missing }];
  const send = ({ matters, validTo, lines, ...said }: Given): void => change.mutate({
    number: application.number, version: application.version,
    application: { ...said, matters: [...matters], validFrom: application.validFrom, validTo: validTo.format('YYYY-MM-DD'), lines: application.lines.filter(({ line }) => lines.includes(line)).map(lineSent) },
  }, {
    onSuccess: () => {
      void message.success(t.done);
      setOpen(false);
    },
  });
  const { matters, legalBasis, scenario, purpose, validTo, lines } = application;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{text(moveTexts.edit)}</Button>
      <Modal open={open} destroyOnHidden width={640} title={`${text(moveTexts.edit)} · ${application.number}`} okText={t.confirm} cancelText={t.cancel} okButtonProps={{ loading: change.isPending }} onOk={() => form.submit()} onCancel={() => setOpen(false)}>
        {change.error && <ProblemShown problem={change.error} />}
        <Form<Given> form={form} layout="vertical" requiredMark={false} onFinish={send} initialValues={{ matters, legalBasis, scenario, purpose, validTo: dayjs(validTo), lines: lines.map(({ line }) => line) }}>
          <Form.Item name="lines" label={t.lines(lines.length)} rules={required}><Select mode="multiple" options={lines.map(({ line, item }) => ({ value: line, label: `${names.item(item)} ${item}` }))} /></Form.Item>
          <Form.Item name="matters" label={t.matters} rules={required}><Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={names.matters.map(({ code, name }) => ({ value: code, label: `${name} ${code}` }))} /></Form.Item>
          <Form.Item name="legalBasis" label={t.legalBasis} rules={required}><Input maxLength={500} /></Form.Item>
          <Form.Item name="scenario" label={t.scenario} rules={required}><Input.TextArea autoSize={{ minRows: 2 }} maxLength={500} /></Form.Item>
          <Form.Item name="purpose" label={t.purpose} rules={required}><Input.TextArea autoSize={{ minRows: 2 }} maxLength={500} /></Form.Item>
          <Form.Item name="validTo" label={t.validTo} rules={required}><DatePicker allowClear={false} minDate={dayjs()} maxDate={dayjs().add(3, 'year')} /></Form.Item>
        </Form>
      </Modal>
    </>
  );
}

function Renew({ application: { number, version, validTo } }: { readonly application: Application }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const go = useNavigate();
  const [form] = Form.useForm<{ validTo: Dayjs }>();
  const [open, setOpen] = useState(false);
  const change = useChange(RenewApplication);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{text(moveTexts.renew)}</Button>
      <Modal open={open} destroyOnHidden title={`${text(moveTexts.renew)} · ${number}`} okText={t.draft} cancelText={t.cancel} okButtonProps={{ loading: change.isPending }} onOk={() => form.submit()} onCancel={() => setOpen(false)}>
        {change.error && <ProblemShown problem={change.error} />}
        <Form<{ validTo: Dayjs }> form={form} layout="vertical" requiredMark={false} initialValues={{ validTo: dayjs(validTo).add(1, 'year') }} onFinish={(given) => change.mutate({ number, version, validTo: given.validTo.format('YYYY-MM-DD') }, {
          onSuccess: ({ renewApplication }) => {
            setOpen(false);
            void go(`/applications/${encodeURIComponent(renewApplication.number)}`);
          },
        })}>
          <Form.Item name="validTo" label={t.validTo} rules={[{ required: true, message: t.missing }]}><DatePicker allowClear={false} minDate={dayjs()} maxDate={dayjs().add(3, 'year')} /></Form.Item>
        </Form>
      </Modal>
    </>
  );
}

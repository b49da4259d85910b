/**
 * Drafts an application for what a matter takes and the application lacks; it is looked over and submitted in the room of applications,
 * where whoever drafted it is led.
 */
import { App, DatePicker, Form, Input, Modal, Typography } from 'antd';
import type { Dayjs } from 'dayjs';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useChange } from '../../api/ask.ts';
import { useTexts } from '../../language/language.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { ApplyForMatter } from './documents.ts';
import type { Matter } from './matters.ts';
import { texts } from './texts.ts';

interface Given {
  readonly legalBasis: string;
  readonly scenario: string;
  readonly purpose: string;
  readonly validTo: Dayjs;
}

interface ApplyFormProps {
  readonly open: boolean;
  readonly matter: Matter;
  readonly consumer: string;
  readonly onDone: () => void;
}

/** In a window of its own. */
export function ApplyForm({ open, matter, consumer, onDone }: ApplyFormProps): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const go = useNavigate();
  const [form] = Form.useForm<Given>();
  const apply = useChange(ApplyForMatter);
  const send = ({ validTo, ...content }: Given): void => apply.mutate({ consumer, matter: matter.code, application: { ...content, matters: [matter.code], validTo: validTo.format('YYYY-MM-DD'), underCase: matter.needsCase } }, {
    onSuccess: ({ applyForMatter }) => {
      void message.success(t.applied(applyForMatter?.number ?? ''));
      onDone();
      if (applyForMatter !== null) void go(`/applications/${encodeURIComponent(applyForMatter.number)}`);
    },
  });
  const required = [{ required: true, message: t.required }];
  return (
    <Modal open={open} title={t.applyTitle} okText={t.applySend} cancelText={t.cancel} onOk={() => form.submit()} onCancel={onDone} confirmLoading={apply.isPending} forceRender>
      <Typography.Paragraph type="secondary">{t.applyPublished}</Typography.Paragraph>
      {apply.error && <ProblemShown problem={apply.error} />}
      <Form<Given> name="apply" form={form} layout="vertical" onFinish={send} initialValues={{ scenario: matter.name }}>
        <Form.Item name="legalBasis" label={t.legalBasis} rules={required}><Input /></Form.Item>
        <Form.Item name="scenario" label={t.scenario} rules={required}><Input /></Form.Item>
        <Form.Item name="purpose" label={t.purpose} rules={required}><Input.TextArea autoSize={{ minRows: 2 }} /></Form.Item>
        <Form.Item name="validTo" label={t.validTo} extra={t.validToHelp} rules={required}><DatePicker /></Form.Item>
      </Form>
    </Modal>
  );
}

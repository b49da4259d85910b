/**
 * Opens an account for an administrator who has none; its one-time password is shown once.
 */
import { Form, Input, Modal, Select } from 'antd';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import { momentOf, useText, useTexts } from '../../language/language.tsx';
import { roleNames } from '../../parts/names.ts';
import { ProblemShown } from '../../parts/problem.tsx';
import type { Everybody } from './admitted.ts';
import { OpenAccount } from './documents.ts';
import type { Secret } from './shown-once.tsx';
import { texts } from './texts.ts';

interface Given {
  readonly administrator: string;
  readonly name: string;
}

interface OpenAccountFormProps {
  readonly open: boolean;
  readonly everybody: Everybody;
  readonly onDone: () => void;
  readonly onSecret: (secret: Secret) => void;
}

/** In a window of its own. */
export function OpenAccountForm({ open, everybody, onDone, onSecret }: OpenAccountFormProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [form] = Form.useForm<Given>();
  const change = useChange(OpenAccount);
  const send = (account: Given): void => change.mutate({ account }, {
    onSuccess: ({ openAccount }) => {
      form.resetFields();
      onDone();
      if (openAccount !== null) onSecret({ title: t.oneTimeTitle, about: t.oneTimeFor(openAccount.account, momentOf(openAccount.until)), value: openAccount.password });
    },
  });
  const without = everybody.administrators.filter(({ code }) => !everybody.openAccount.has(code));
  return (
    <Modal open={open} title={t.open} okText={t.open} cancelText={t.cancel} onOk={() => form.submit()} onCancel={onDone} confirmLoading={change.isPending} forceRender>
      {change.error && <ProblemShown problem={change.error} />}
      <Form<Given> name="open-account" form={form} layout="vertical" onFinish={send}>
        <Form.Item name="administrator" label={t.administrator} extra={t.administratorHelp} rules={[{ required: true, message: t.required }]}>
          <Select showSearch={{ optionFilterProp: 'words' }} options={without.map(({ code, name, role, departmentName }) => ({ value: code, label: `${name} · ${text(roleNames[role])} · ${departmentName}`, words: `${code} ${name} ${departmentName}` }))} />
        </Form.Item>
        <Form.Item name="name" label={t.name} extra={t.nameRule} rules={[{ required: true, message: t.required }, { pattern: /^[a-z0-9._-]{2,64}$/, message: t.nameRule }]}><Input autoComplete="off" style={{ maxWidth: 280 }} /></Form.Item>
      </Form>
    </Modal>
  );
}

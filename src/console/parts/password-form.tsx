/**
 * The change of a password, with its rules told while one types. The hub decides (src/identity/password.ts); what is said here
 * is only what can be said at once.
 */
import { App, Button, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useSessionCall } from '../api/session.ts';
import { pairs, useTexts } from '../language/language.tsx';
import { ProblemShown } from './problem.tsx';

const texts = pairs({
  present: { zh: '当前密码', en: 'Present password' },
  next: { zh: '新密码', en: 'New password' },
  again: { zh: '再次输入新密码', en: 'New password again' },
  rule: { zh: '至少 12 个字符；可用一句只有自己知道的话。不含账户名，不用常见密码。', en: 'At least 12 characters; a sentence only you know is fine. Without the account\'s name, and none of the common ones.' },
  missing: { zh: '请填写', en: 'Fill this in' },
  short: { zh: '至少 12 个字符', en: 'At least 12 characters' },
  same: { zh: '新密码须与当前密码不同', en: 'It must differ from the present one' },
  differ: { zh: '两次输入不一致', en: 'These two differ' },
  change: { zh: '修改密码', en: 'Change the password' },
  changed: { zh: '密码已修改；其他会话已退出', en: 'Changed; your other sessions have ended' },
});

interface Given {
  readonly password: string;
  readonly next: string;
  readonly again: string;
}

/** Asks for the present and the next one. */
export function PasswordForm(): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const [form] = Form.useForm<Given>();
  const change = useSessionCall('changePassword');
  const send = ({ password, next }: Given): void => change.mutate({ password, next }, {
    onSuccess: () => {
      form.resetFields();
      void message.success(t.changed);
    },
  });
  return (
    <Form<Given> form={form} layout="vertical" requiredMark={false} onFinish={send} disabled={change.isPending} style={{ maxWidth: 400 }}>
      {change.error && <ProblemShown problem={change.error} />}
      <Form.Item name="password" label={t.present} rules={[{ required: true, message: t.missing }]}><Input.Password autoComplete="current-password" /></Form.Item>
      <Form.Item name="next" label={t.next} extra={t.rule} dependencies={['password']} rules={[{ required: true, message: t.missing }, { min: 12, message: t.short }, ({ getFieldValue }) => ({
        validator: (_rule, value: string) => (value !== '' && value === getFieldValue('password') ? Promise.reject(new Error(t.same)) : Promise.resolve()),
      })]}><Input.Password autoComplete="new-password" /></Form.Item>
      <Form.Item name="again" label={t.again} dependencies={['next']} rules={[{ required: true, message: t.missing }, ({ getFieldValue }) => ({
        validator: (_rule, value: string) => (value === getFieldValue('next') ? Promise.resolve() : Promise.reject(new Error(t.differ))),
      })]}><Input.Password autoComplete="new-password" /></Form.Item>
      <Button type="primary" htmlType="submit" loading={change.isPending}>{t.change}</Button>
    </Form>
  );
}

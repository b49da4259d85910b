/**
 * The second step of signing in: turned on by showing that the authenticator works, turned off by the password.
 */
import { App, Button, Card, Flex, Form, Input, QRCode, Typography } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Problem } from '../../api/problem.ts';
import { useSession, useSessionCall } from '../../api/session.ts';
import type { Authenticator } from '../../api/session.ts';
import { useTexts } from '../../language/language.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { texts } from './texts.ts';

/** Turns it on and off. */
export function TwoSteps(): ReactNode {
  const t = useTexts(texts);
  const { message } = App.useApp();
  const { hasCode } = useSession();
  const begin = useSessionCall('code');
  const confirm = useSessionCall('code');
  const remove = useSessionCall('removeCode');
  const [given, setGiven] = useState<Authenticator | null>(null);
  const [removing, setRemoving] = useState(false);
  const leave = (): void => {
    setGiven(null);
    setRemoving(false);
    confirm.reset();
    remove.reset();
  };
  // A wrong code is refused as any wrong proof is.
  const wrongCode = confirm.error?.code === 'SIGN_IN_REFUSED' ? new Problem('CODE_REFUSED', confirm.error.message, confirm.error.status) : confirm.error;
  const problem = begin.error ?? wrongCode ?? remove.error;
  return (
    <Card title={t.twoSteps} extra={<StateTag tone={hasCode ? 'good' : 'still'}>{hasCode ? t.on : t.off}</StateTag>}>
      <Typography.Paragraph type="secondary">{t.twoStepsWhy}</Typography.Paragraph>
      {problem && <ProblemShown problem={problem} />}
      {!hasCode && given === null && <Button loading={begin.isPending} onClick={() => begin.mutate({}, { onSuccess: (answer) => setGiven(answer as Authenticator) })}>{t.begin}</Button>}
      {given !== null && (
        <Form<{ code: string }> layout="vertical" requiredMark={false} onFinish={({ code }) => confirm.mutate({ code }, { onSuccess: () => {
          leave();
          void message.success(t.turnedOn);
        } })}>
          <Typography.Paragraph>{t.scan}</Typography.Paragraph>
          <Flex gap={20} wrap align="flex-start">
            <QRCode value={given.uri} size={148} type="svg" aria-label={t.twoSteps} />
            <div style={{ minWidth: 220 }}>
              <Typography.Paragraph>{t.secret}<br /><Typography.Text code copyable style={{ wordBreak: 'break-all' }}>{given.secret}</Typography.Text></Typography.Paragraph>
              <Form.Item name="code" label={t.digits} rules={[{ pattern: /^\d{6}$/, required: true, message: t.digitsMissing }]}><Input inputMode="numeric" maxLength={6} autoComplete="one-time-code" autoFocus style={{ width: 140 }} /></Form.Item>
              <Flex gap={8}><Button type="primary" htmlType="submit" loading={confirm.isPending}>{t.confirm}</Button><Button onClick={leave}>{t.cancel}</Button></Flex>
            </div>
          </Flex>
        </Form>
      )}
      {hasCode && !removing && <Button onClick={() => setRemoving(true)}>{t.remove}</Button>}
      {hasCode && removing && (
        <Form<{ password: string }> layout="vertical" requiredMark={false} onFinish={({ password }) => remove.mutate({ password }, { onSuccess: () => {
          leave();
          void message.success(t.removed);
        } })}>
          <Form.Item name="password" label={t.removeWhy} rules={[{ required: true }]}><Input.Password autoComplete="current-password" autoFocus style={{ maxWidth: 280 }} /></Form.Item>
          <Flex gap={8}><Button danger htmlType="submit" loading={remove.isPending}>{t.remove}</Button><Button onClick={leave}>{t.cancel}</Button></Flex>
        </Form>
      )}
    </Card>
  );
}

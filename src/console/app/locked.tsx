/**
 * The screen of a locked session: the password opens it again, everything stays where it was.
 */
import { LockOutlined } from '@ant-design/icons';
import { Button, Flex, Form, Input, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useSessionCall } from '../api/session.ts';
import type { Session } from '../api/session.ts';
import { useTexts } from '../language/language.tsx';
import { ProblemShown } from '../parts/problem.tsx';
import { Door } from './door.tsx';
import { signInTexts } from './texts.ts';

/** Asks for the password. */
export function LockedPage({ session }: { readonly session: Session }): ReactNode {
  const t = useTexts(signInTexts);
  const unlock = useSessionCall('unlock');
  const signOut = useSessionCall('signOut');
  return (
    <Door heading={t.locked}>
      <Typography.Paragraph type="secondary">{session.account === null ? t.lockedElsewhere(session.name) : t.lockedWhy(session.name)}</Typography.Paragraph>
      {unlock.error && <ProblemShown problem={unlock.error} />}
      {session.account === null ? <Button type="primary" size="large" block href={`/session/oidc?return=${encodeURIComponent(location.pathname + location.search)}`}>{t.unlock}</Button> : (
      <Form<{ password: string }> layout="vertical" requiredMark={false} onFinish={(given) => unlock.mutate(given)} disabled={unlock.isPending}>
        <input type="text" name="username" autoComplete="username" value={session.account} readOnly hidden />
        <Form.Item name="password" label={t.password} rules={[{ required: true, message: t.passwordMissing }]}>
          <Input.Password prefix={<LockOutlined />} size="large" autoFocus autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={unlock.isPending}>{t.unlock}</Button>
      </Form>)}
      <Flex justify="center" style={{ marginTop: 12 }}><Button type="link" onClick={() => signOut.mutate()}>{t.another}</Button></Flex>
    </Door>
  );
}

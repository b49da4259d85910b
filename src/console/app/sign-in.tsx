/**
 * The pages before the first room: signing in by password (and code), or through the identity provider; and the change of a
 * one-time password.
 */
import { LockOutlined, SafetyOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Divider, Flex, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useSessionCall } from '../api/session.ts';
import type { SignInWays } from '../api/session.ts';
import { useTexts } from '../language/language.tsx';
import { PasswordForm } from '../parts/password-form.tsx';
import { ProblemShown } from '../parts/problem.tsx';
import { Door } from './door.tsx';
import { signInTexts } from './texts.ts';

interface Given {
  readonly account: string;
  readonly password: string;
  readonly code?: string;
}

/** Signs in; the code is asked for when the hub asks for it. */
export function SignInPage({ ways }: { readonly ways: SignInWays }): ReactNode {
  const t = useTexts(signInTexts);
  const signIn = useSessionCall('signIn');
  const [withCode, setWithCode] = useState(false);
  const send = (given: Given): void => signIn.mutate(given, {
    onError: ({ code }) => {
      if (code === 'CODE_REQUIRED') setWithCode(true);
    },
  });
  const asksForCode = signIn.error?.code === 'CODE_REQUIRED';
  return (
    <Door heading={t.heading}>
      {signIn.error && !asksForCode && <ProblemShown problem={signIn.error} />}
      <Form<Given> layout="vertical" onFinish={send} requiredMark={false} disabled={signIn.isPending} autoComplete="on">
        {ways.password && (
          <>
            <Form.Item name="account" label={t.account} rules={[{ required: true, message: t.accountMissing }]}>
              <Input prefix={<UserOutlined />} size="large" autoFocus autoComplete="username" spellCheck={false} />
            </Form.Item>
            <Form.Item name="password" label={t.password} rules={[{ required: true, message: t.passwordMissing }]}>
              <Input.Password prefix={<LockOutlined />} size="large" autoComplete="current-password" />
            </Form.Item>
            {withCode && (
              <Form.Item name="code" label={t.code} extra={t.codeHint} rules={[{ pattern: /^\d{6}$/, required: true, message: t.codeMissing }]}>
                <Input prefix={<SafetyOutlined />} size="large" inputMode="numeric" autoComplete="one-time-code" maxLength={6} autoFocus />
              </Form.Item>
            )}
            <Button type="primary" htmlType="submit" size="large" block loading={signIn.isPending}>{t.signIn}</Button>
          </>
        )}
      </Form>
      {ways.oidc && (
        <>
          {ways.password && <Divider plain style={{ margin: '20px 0' }}>{t.or}</Divider>}
          <Button size="large" block href={`/session/oidc?return=${encodeURIComponent(location.pathname + location.search)}`}>{t.oidc(ways.oidc.name)}</Button>
        </>
      )}
      <Typography.Paragraph type="secondary" style={{ margin: '24px 0 0', fontSize: 13 }}>{t.help}</Typography.Paragraph>
    </Door>
  );
}

/** The first thing that whoever signed in with a one-time password does. */
export function OneTimePasswordPage(): ReactNode {
  const t = useTexts(signInTexts);
  const signOut = useSessionCall('signOut');
  return (
    <Door heading={t.firstTime}>
      <Typography.Paragraph type="secondary">{t.firstTimeWhy}</Typography.Paragraph>
      <PasswordForm />
      <Flex justify="center" style={{ marginTop: 12 }}><Button type="link" onClick={() => signOut.mutate()}>{t.another}</Button></Flex>
    </Door>
  );
}

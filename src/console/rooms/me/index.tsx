/**
 * One's own account: who one is to the hub, the password, and the second step of signing in.
 */
import { Card, Col, Descriptions, Flex, Row, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useSession } from '../../api/session.ts';
import { momentOf, useText, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { roleNames } from '../../parts/names.ts';
import { Page } from '../../parts/page.tsx';
import { PasswordForm } from '../../parts/password-form.tsx';
import { texts } from './texts.ts';
import { TwoSteps } from './two-steps.tsx';

export default function Me(): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const session = useSession();
  return (
    <Page title={t.title} about={t.about}>
      <Row gutter={[16, 16]}>
        <Col xs={24} xl={12}>
          <Flex vertical gap={16}>
            <Card title={t.who}>
              <Descriptions column={1} size="small" items={[
                { key: 'name', label: t.name, children: session.name },
                { key: 'account', label: t.account, children: session.account === null ? t.elsewhere : <Code copyable>{session.account}</Code> },
                { key: 'administrator', label: t.administrator, children: <Code>{session.administrator}</Code> },
                { key: 'role', label: t.role, children: <Tag color="processing">{text(roleNames[session.role])}</Tag> },
                { key: 'department', label: t.department, children: <Flex gap={8} wrap align="baseline">{session.departmentName}<Code>{session.departmentCode}</Code>{session.authority && <Tag color="processing">{t.authority}</Tag>}</Flex> },
                { key: 'ends', label: t.ends, children: <span className="hub-date">{momentOf(session.endsAt)}</span> },
                { key: 'idle', label: t.idle, children: t.minutes(session.idleMinutes) },
              ]} />
            </Card>
            {session.account !== null && <TwoSteps />}
          </Flex>
        </Col>
        {session.account !== null && <Col xs={24} xl={12}><Card title={t.password}><PasswordForm /></Card></Col>}
      </Row>
    </Page>
  );
}

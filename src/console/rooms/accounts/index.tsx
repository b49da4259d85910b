/**
 * Who may come in, and with what: accounts at the console, applications and administrators with their keys. System administrators
 * change it, audit administrators read it.
 */
import { Card, Tabs, Tag } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useTexts } from '../../language/language.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { AccountsTab } from './accounts-tab.tsx';
import { AdministratorsTab } from './administrators-tab.tsx';
import { useEverybody, useKeeps } from './admitted.ts';
import { ConsumersTab } from './consumers-tab.tsx';
import { ShownOnce } from './shown-once.tsx';
import type { Secret } from './shown-once.tsx';
import { texts } from './texts.ts';

export default function AccountsRoom(): ReactNode {
  const t = useTexts(texts);
  const keeps = useKeeps();
  const { answer, everybody } = useEverybody();
  const [search, setSearch] = useSearchParams();
  const [secret, setSecret] = useState<Secret | null>(null);
  const label = (name: string, count: number): ReactNode => <>{name} <Tag style={{ margin: 0 }}>{count}</Tag></>;
  return (
    <Page title={t.title} about={keeps ? t.about : t.reads}>
      <Answered by={answer}>
        {() => everybody && (
          <Card styles={{ body: { paddingTop: 4 } }}>
            <Tabs activeKey={search.get('tab') ?? 'accounts'} onChange={(tab) => setSearch({ tab }, { replace: true })} destroyOnHidden items={[
              { key: 'accounts', label: label(t.accountsTab, everybody.accounts.length), children: <AccountsTab everybody={everybody} onSecret={setSecret} /> },
              { key: 'consumers', label: label(t.consumersTab, everybody.consumers.length), children: <ConsumersTab everybody={everybody} onSecret={setSecret} /> },
              { key: 'administrators', label: label(t.administratorsTab, everybody.administrators.length), children: <AdministratorsTab everybody={everybody} onSecret={setSecret} /> },
            ]} />
          </Card>
        )}
      </Answered>
      <ShownOnce secret={secret} onDone={() => setSecret(null)} />
    </Page>
  );
}

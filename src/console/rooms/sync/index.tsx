/**
 * Keeping in step with the upper hub: how each library stands, what could not be taken and is put right here, and what two sources
 * tell otherwise. Who sees which part is what the hub's doors say: standing for the data authority, quarantine for its system
 * administrators, conflicts for stewards.
 */
import { Card, Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useSession } from '../../api/session.ts';
import { useTexts } from '../../language/language.tsx';
import { Page } from '../../parts/page.tsx';
import { Conflicts } from './conflicts.tsx';
import { Quarantine } from './quarantine.tsx';
import { Standing } from './standing.tsx';
import { texts } from './texts.ts';

export default function SyncRoom(): ReactNode {
  const t = useTexts(texts);
  const { role, authority } = useSession();
  const [search, setSearch] = useSearchParams();
  const tabs = [
    ...(authority ? [{ key: 'status', label: t.status, children: <Standing /> }] : []),
    ...(authority && role === 'SYSTEM' ? [{ key: 'quarantine', label: t.quarantine, children: <Quarantine /> }] : []),
    ...(role === 'STEWARD' ? [{ key: 'conflicts', label: t.conflicts, children: <Conflicts /> }] : []),
  ];
  const shown = tabs.find(({ key }) => key === search.get('tab'))?.key ?? tabs[0]?.key ?? '';
  return (
    <Page title={t.title} about={t.about}>
      <Card styles={{ body: { paddingTop: 4 } }}>
        <Tabs destroyOnHidden activeKey={shown} onChange={(tab) => setSearch({ tab })} items={tabs} />
      </Card>
    </Page>
  );
}

/**
 * The query room: GraphiQL, signed in as oneself. The contract in it is what introspection tells this session, an operation goes the way of
 * every other one, and what is written stays in the tab. Loaded when the room is entered, with its editor and its three workers, all of
 * them from the hub's own address.
 */
import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/vite';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import '@graphiql/react/style.css';
import 'graphiql/graphiql.css';
import { Typography } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { tabStorage, useSession } from '../../api/session.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { roleNames } from '../../parts/names.ts';
import { Page } from '../../parts/page.tsx';
import { fetcher } from './fetcher.ts';
import './query.css';
import { texts } from './texts.ts';
import { Toolbar } from './toolbar.tsx';
import { useUsable } from './usable.ts';

const first = '{\n  me {\n    code\n    name\n    role\n    departmentName\n  }\n}\n';

export default function QueryRoom(): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { name, role } = useSession();
  const place = useUsable();
  const [storage] = useState(tabStorage);
  return (
    <Page title={t.title} about={t.about(name, text(roleNames[role]))}>
      <Typography.Paragraph type="secondary" style={{ marginTop: -6, marginBottom: 8 }}>{t.help}</Typography.Paragraph>
      <div className="hub-query" ref={place}>
        <GraphiQL fetcher={fetcher} storage={storage} defaultQuery={first} forcedTheme="light" inputValueDeprecation schemaDescription defaultEditorToolsVisibility visiblePlugin={DOC_EXPLORER_PLUGIN} showPersistHeadersSettings={false}>
          <GraphiQL.Logo><strong>GraphiQL</strong></GraphiQL.Logo>
          <GraphiQL.Toolbar><Toolbar /></GraphiQL.Toolbar>
        </GraphiQL>
      </div>
    </Page>
  );
}

/**
 * Pages that stand where a room cannot: not yours, not there, failed. Each says what to do next.
 */
import { Button, Result, Typography } from 'antd';
import type { ReactNode } from 'react';
import { Link, useRouteError } from 'react-router';
import { useSession } from '../api/session.ts';
import { useText, useTexts } from '../language/language.tsx';
import { roleNames } from '../parts/names.ts';
import { pageTexts } from './texts.ts';

function Home(): ReactNode {
  const t = useTexts(pageTexts);
  return <Link to="/"><Button type="primary" tabIndex={-1}>{t.home}</Button></Link>;
}

/** A room of other roles. */
export function ForbiddenPage({ room }: { readonly room: string }): ReactNode {
  const t = useTexts(pageTexts);
  const text = useText();
  const { role } = useSession();
  return <Result status="warning" title={<h1 style={{ fontSize: 22, margin: 0 }}>403 · {t.forbidden}</h1>} subTitle={<span style={{ display: 'inline-block', maxWidth: 560 }}>{t.forbiddenWhy(room, text(roleNames[role]))}</span>} extra={<Home />} />;
}

/** An address of nothing. */
export function MissingPage(): ReactNode {
  const t = useTexts(pageTexts);
  return <Result status="info" title={<h1 style={{ fontSize: 22, margin: 0 }}>404 · {t.missing}</h1>} subTitle={t.missingWhy} extra={<Home />} />;
}

/** A room that threw. The menu stays, so that the others can be reached. */
export function BrokenPage(): ReactNode {
  const t = useTexts(pageTexts);
  const error = useRouteError();
  return (
    <Result status="error" title={<h1 style={{ fontSize: 22, margin: 0 }}>{t.broken}</h1>} subTitle={t.brokenWhy} extra={<Button type="primary" onClick={() => location.reload()}>{t.reload}</Button>}>
      <Typography.Text code copyable>{error instanceof Error ? `${error.name}: ${error.message}` : String(error)}</Typography.Text>
    </Result>
  );
}

/**
 * One matter: its versions, and of the version that is looked at the facts, the items that they take, and its test run. A steward of
 * the data authority drafts and publishes; everybody else reads what is published.
 */
import { App, Button, Card, Flex, Segmented, Tabs, Tag, Tooltip, Typography } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { useAsk, useChange } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import { momentOf, useText, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered, ProblemShown } from '../../parts/problem.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { DefinitionShown } from './definition-shown.tsx';
import { blank } from './definition.ts';
import type { Definition } from './definition.ts';
import { DraftVersion, MatterVersions, PublishVersion } from './documents.ts';
import { DraftEditor } from './draft-editor.tsx';
import { useEdits, useMatters } from './matters.ts';
import type { Known, Matter, Version } from './matters.ts';
import { Needed } from './needed.tsx';
import { RegisterForm } from './register-form.tsx';
import { TestRun } from './test-run.tsx';
import { kinNames, registerTexts, texts } from './texts.ts';

/** The page of a matter. */
export function MatterPage(): ReactNode {
  const t = useTexts(texts);
  const { code = '' } = useParams();
  const { answer, known } = useMatters();
  const matter = known?.matters.find((own) => own.code === code);
  if (known === undefined || matter === undefined) {
    return <Page title={code} above={[{ title: t.title, to: '/matters' }]}><Answered by={answer}>{() => known && <Card><Nothing what={t.missing(code)} action={<Link to="/matters">{t.back}</Link>} /></Card>}</Answered></Page>;
  }
  return <Versions matter={matter} known={known} />;
}

function Versions({ matter, known }: { readonly matter: Matter; readonly known: Known }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const edits = useEdits();
  const [search, setSearch] = useSearchParams();
  const answer = useAsk(MatterVersions, { matter: matter.code });
  const draft = useChange(DraftVersion);
  const [dirty, setDirty] = useState(false);
  const r = useTexts(registerTexts);
  const [changing, setChanging] = useState(false);
  const versions = answer.data?.matterVersions ?? [];
  const shown = versions.find(({ version }) => String(version) === search.get('version')) ?? versions[0];
  const go = (change: Readonly<Record<string, string>>): void => setSearch((before) => ({ ...Object.fromEntries(before), ...change }), { replace: true });
  const begin = (definition: unknown): void => draft.mutate({ matter: matter.code, definition, basedOn: versions[0]?.revision ?? null }, { onSuccess: ({ draftMatterVersion }) => go({ version: String(draftMatterVersion?.version ?? ''), tab: 'facts' }) });
  const canBegin = edits && answer.data !== undefined && !versions.some(({ state }) => state === 'DRAFT');
  return (
    <Page
      title={matter.name}
      above={[{ title: t.title, to: '/matters' }]}
      state={<Code>{matter.code}</Code>}
      about={(
        <Flex gap={8} wrap align="center">
          <span>{known.department(matter.departmentCode)}</span>
          {matter.participants.length > 0 && <span>· {t.participants} {matter.participants.map(known.department).join('、')}</span>}
          <span>· {matter.needsCase ? t.yes : t.no}</span>
          {matter.kin.length > 0 && <span>· {t.kin} {matter.kin.map((own) => <Tag key={own} style={{ marginInlineEnd: 4 }}>{text(kinNames[own])}</Tag>)}</span>}
        </Flex>
      )}
      actions={(
        <>
          {edits && <Button onClick={() => setChanging(true)}>{r.change}</Button>}
          {canBegin && versions[0] && <Button loading={draft.isPending} onClick={() => begin(versions[0]?.definition)}>{t.next}</Button>}
          {edits && shown?.state === 'DRAFT' && <Publish matter={matter.code} version={shown} dirty={dirty} />}
        </>
      )}
    >
      {changing && <RegisterForm known={known} matter={matter} onDone={() => setChanging(false)} />}
      {draft.error && <ProblemShown problem={draft.error} />}
      <Answered by={answer}>
        {() => (shown === undefined
          ? <Card><Nothing what={t.noVersion} next={t.noVersionNext} action={canBegin && <Button type="primary" loading={draft.isPending} onClick={() => begin(blank)}>{t.begin}</Button>} /></Card>
          : (
            <Card styles={{ body: { paddingTop: 12 } }}>
              <Flex gap={12} align="center" wrap>
                <Segmented aria-label={t.version} value={shown.version} onChange={(version) => go({ version: String(version) })} options={versions.map(({ version, state }) => ({ value: version, label: `${t.versionNo(version)}${state === 'DRAFT' ? ` · ${t.draft}` : ''}` }))} />
                <VersionState version={shown} />
              </Flex>
              <Sections key={shown.version} {...{ matter, known, version: shown, dirty, onDirty: setDirty }} tab={search.get('tab') ?? 'facts'} onTab={(tab) => go({ tab })} />
            </Card>
          ))}
      </Answered>
    </Page>
  );
}

function VersionState({ version: { state, draftedBy, draftedAt, testedAt, publishedBy, publishedAt } }: { readonly version: Version }): ReactNode {
  const t = useTexts(texts);
  if (state === 'PUBLISHED') return <><StateTag tone="good">{t.published}</StateTag><Typography.Text type="secondary" className="hub-date">{t.publishedBy(publishedBy ?? '', momentOf(publishedAt ?? draftedAt))}</Typography.Text></>;
  return (
    <>
      <StateTag tone={testedAt === null ? 'waits' : 'moving'}>{testedAt === null ? t.untested : t.tested(momentOf(testedAt))}</StateTag>
      <Typography.Text type="secondary" className="hub-date">{t.draftedBy(draftedBy, momentOf(draftedAt))}</Typography.Text>
    </>
  );
}

function Publish({ matter, version: { version, testedAt }, dirty }: { readonly matter: string; readonly version: Version; readonly dirty: boolean }): ReactNode {
  const t = useTexts(texts);
  const { modal, message } = App.useApp();
  const publish = useChange(PublishVersion);
  const ready = testedAt !== null && !dirty;
  const ask = (): void => void modal.confirm({
    title: t.publishAsk(version), content: t.publishWhy, okText: t.publish, cancelText: t.cancel,
    onOk: () => publish.mutateAsync({ matter, version }).then(() => void message.success(t.publishedDone)).catch((error: Error) => void message.error(error.message)),
  });
  return <Tooltip title={ready ? undefined : t.publishFirst}><Button type="primary" disabled={!ready} onClick={ask}>{t.publish}</Button></Tooltip>;
}

interface SectionsProps {
  readonly matter: Matter;
  readonly known: Known;
  readonly version: Version;
  readonly dirty: boolean;
  readonly onDirty: (dirty: boolean) => void;
  readonly tab: string;
  readonly onTab: (tab: string) => void;
}

function Sections({ matter, known, version, dirty, onDirty, tab, onTab }: SectionsProps): ReactNode {
  const t = useTexts(texts);
  const edits = useEdits();
  const { role, authority } = useSession();
  const definition = version.definition as Definition;
  const seesNeeded = role === 'STEWARD' || (authority && (role === 'SECURITY' || role === 'AUDIT'));
  const elsewhere = (says: string): ReactNode => <Typography.Paragraph type="secondary" style={{ margin: '8px 0' }}>{says}</Typography.Paragraph>;
  const test = version.state === 'PUBLISHED' ? elsewhere(t.testDone) : edits ? <TestRun matter={matter} version={version.version} known={known} dirty={dirty} /> : elsewhere(t.testElsewhere);
  return (
    <Tabs activeKey={tab} onChange={onTab} items={[
      // What is half-written stays where it is while one looks at another tab.
      { key: 'facts', label: t.factsTab, forceRender: true, children: version.state === 'DRAFT' && edits ? <DraftEditor matter={matter.code} kept={definition} revision={version.revision} onDirty={onDirty} /> : <DefinitionShown definition={definition} /> },
      { key: 'needed', label: t.neededTab, children: seesNeeded ? <Needed matter={matter} version={version} known={known} /> : elsewhere(t.neededElsewhere) },
      { key: 'test', label: t.testTab, children: test },
    ]} />
  );
}

/**
 * One item: what it is, on what condition it is shared, who may use it, and what it was before.
 */
import { Card, Descriptions, Flex, Tabs, Timeline, Typography } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { useAsk } from '../../api/ask.ts';
import { useSession } from '../../api/session.ts';
import type { UpdateCycle } from '../../generated/enums.ts';
import { momentOf, useText, useTexts } from '../../language/language.tsx';
import { Code } from '../../parts/clipped.tsx';
import { dataTypeNames, registryNames, registryOf, sensitivityNames, updateCycleNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { oneOrTwo, Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { ShareTypeTag, StateTag } from '../../parts/state-tag.tsx';
import { resourcePath, useCatalog } from './catalog.ts';
import type { Item, Whole } from './catalog.ts';
import { CatalogItemStates } from './documents.ts';
import { ChangeSharing } from './sharing-form.tsx';
import { texts } from './texts.ts';
import { WhoMay } from './who-may.tsx';

/** The page of an item. */
export function ItemPage(): ReactNode {
  const t = useTexts(texts);
  const { code = '' } = useParams();
  const { answer, whole } = useCatalog();
  const item = whole?.item.get(code);
  const { role, departmentCode } = useSession();
  return (
    <Page
      title={item?.name ?? code}
      above={[{ title: t.title, to: '/catalog' }]}
      actions={item && role === 'STEWARD' && departmentCode === item.ownerDepartmentCode && <ChangeSharing key={item.version} item={item} />}
      state={item && <><Code>{item.code}</Code><ShareTypeTag type={item.shareType} /></>}
    >
      <Answered by={answer}>
        {() => whole && (item === undefined
          ? <Card><Nothing what={t.missingItem(code)} action={<Link to="/catalog">{t.back}</Link>} /></Card>
          : <Sections item={item} whole={whole} />)}
      </Answered>
    </Page>
  );
}

function Sections({ item, whole }: { readonly item: Item; readonly whole: Whole }): ReactNode {
  const t = useTexts(texts);
  const [search, setSearch] = useSearchParams();
  const { role, authority, departmentCode } = useSession();
  // As the hub's doors have it: stewards see the rows of their own items.
  const oversees = (role === 'SECURITY' || role === 'AUDIT') && authority;
  const seesWho = oversees || (role === 'STEWARD' && departmentCode === item.ownerDepartmentCode);
  const seesHistory = oversees || role === 'STEWARD';
  const elsewhere = (says: string): ReactNode => <Typography.Paragraph type="secondary" style={{ margin: '8px 0' }}>{says}</Typography.Paragraph>;
  return (
    <Card styles={{ body: { paddingTop: 4 } }}>
      <Tabs activeKey={search.get('tab') ?? 'what'} onChange={(tab) => setSearch({ tab }, { replace: true })} items={[
        { key: 'what', label: t.itemTab, children: <WhatItIs item={item} whole={whole} /> },
        { key: 'who', label: t.whoTab, children: seesWho ? <WhoMay item={item.code} /> : elsewhere(t.whoElsewhere) },
        { key: 'used', label: t.usedTab, children: role === 'AUDIT' && authority ? <Typography.Paragraph style={{ margin: '8px 0' }}><Link to={`/audit?item=${encodeURIComponent(item.code)}`}>{t.usedInAudit}</Link></Typography.Paragraph> : elsewhere(t.usedElsewhere) },
        { key: 'history', label: t.historyTab, children: seesHistory ? <History item={item.code} /> : elsewhere(t.historyElsewhere) },
      ]} />
    </Card>
  );
}

function WhatItIs({ item, whole }: { readonly item: Item; readonly whole: Whole }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const registry = registryNames[registryOf(item.code)];
  const resource = whole.resource.get(item.resource ?? '');
  return (
    <Descriptions bordered size="small" column={oneOrTwo} styles={{ label: { width: 150 } }} items={[
      { key: 'definition', label: t.definition, span: 'filled', children: item.definition ?? <Typography.Text type="secondary">{t.noDefinition}</Typography.Text> },
      { key: 'registry', label: t.registry, children: registry === undefined ? '—' : text(registry) },
      { key: 'department', label: t.department, children: <Flex gap={8} wrap align="baseline">{item.ownerDepartmentName}<Code>{item.ownerDepartmentCode}</Code></Flex> },
      { key: 'resource', label: t.resource, span: 'filled', children: resource === undefined ? t.none : <Flex gap={8} wrap align="baseline"><Link to={resourcePath(resource.code)}>{resource.name}</Link><Code>{resource.code}</Code></Flex> },
      { key: 'share', label: t.shareType, children: <ShareTypeTag type={item.shareType} /> },
      { key: 'key', label: t.keyShareType, children: item.keyShareType === null ? t.asReading : <ShareTypeTag type={item.keyShareType} /> },
      { key: 'condition', label: item.shareType === 'NOT_SHARED' ? t.legalBasis : t.condition, span: 'filled', children: item.condition === '' ? t.noCondition : item.condition },
      { key: 'standard', label: t.standard, children: item.standard === '' ? t.none : item.standard },
      { key: 'type', label: t.dataType, children: item.dataType === null ? '—' : `${text(dataTypeNames[item.dataType])} ${item.dataType}${item.dataLength === '' ? '' : t.length(item.dataLength)}` },
      { key: 'level', label: t.sensitivity, children: text(sensitivityNames[item.sensitivity] ?? { zh: item.sensitivity, en: item.sensitivity }) },
      { key: 'mask', label: t.mask, children: item.mask === null ? t.noMask : <Code>{item.mask}</Code> },
      { key: 'open', label: t.open, children: item.open ? t.openYes : t.openNo },
      { key: 'cycle', label: t.updateCycle, children: item.updateCycle in updateCycleNames ? text(updateCycleNames[item.updateCycle as UpdateCycle]) : item.updateCycle },
      { key: 'coordinates', label: t.coordinates, span: 'filled', children: item.coordinates.length === 0 ? t.none : <Flex gap={12} wrap>{item.coordinates.map((place) => <Code key={place}>{place}</Code>)}</Flex> },
    ]} />
  );
}

function History({ item }: { readonly item: string }): ReactNode {
  const t = useTexts(texts);
  const states = useAsk(CatalogItemStates, { item });
  return (
    <Answered by={states} rows={3}>
      {({ catalogItemStates }) => (
        <Timeline style={{ marginTop: 12 }} items={(catalogItemStates ?? []).toReversed().map(({ at, by, item: then }, i) => ({
          color: i === 0 ? 'blue' : 'gray',
          content: (
            <>
              <Flex gap={10} align="center" wrap>
                <Typography.Text className="hub-date">{momentOf(at)}</Typography.Text>
                <ShareTypeTag type={then.shareType} />
                {i === 0 && <StateTag tone="moving">{t.present}</StateTag>}
                <Typography.Text type="secondary">{t.changedBy(by)}</Typography.Text>
              </Flex>
              {then.condition !== '' && <Typography.Paragraph style={{ margin: '4px 0 0', maxWidth: 760 }}>{then.condition}</Typography.Paragraph>}
            </>
          ),
        }))} />
      )}
    </Answered>
  );
}

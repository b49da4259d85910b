/**
 * All items, or all resources: searched and filtered at once, as one types.
 */
import { PlusOutlined } from '@ant-design/icons';
import { Button, Card, Flex, Segmented, Select, Table, Tabs } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useSession } from '../../api/session.ts';
import type { ShareType } from '../../generated/enums.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { registryNames, resourceStateNames, sensitivityNames, shareTypeNames, updateCycleNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { ShareTypeTag, StateTag } from '../../parts/state-tag.tsx';
import { found, itemPath, resourcePath, useCatalog, useFilters } from './catalog.ts';
import type { Item, Resource, Whole } from './catalog.ts';
import { Drafts } from './drafts.tsx';
import { editTexts } from './edit-texts.ts';
import { ExportButton, ImportButton } from './files.tsx';
import { texts } from './texts.ts';

/** The room's first page. */
export function ListPage(): ReactNode {
  const t = useTexts(texts);
  const { answer, whole } = useCatalog();
  const [search, setSearch] = useSearchParams();
  const e = useTexts(editTexts);
  const go = useNavigate();
  const { role, authority } = useSession();
  const drafts = role === 'STEWARD';
  // Those who oversee look at what others draft.
  const seesDrafts = drafts || (authority && (role === 'SECURITY' || role === 'AUDIT'));
  const list = search.get('list') ?? 'items';
  const shown = list === 'resources' || (list === 'drafts' && seesDrafts) ? list : 'items';
  return (
    <Page
      title={t.title}
      about={whole && t.about(whole.items.length, whole.resources.length)}
      actions={<>{drafts && <Button type="primary" icon={<PlusOutlined />} onClick={() => void go('/catalog/new')}>{e.newResource}</Button>}{drafts && <ImportButton />}<ExportButton /></>}
    >
      <Answered by={answer}>
        {() => whole && (
          <Card styles={{ body: { paddingTop: 4 } }}>
            <Tabs activeKey={shown} onChange={(next) => setSearch(next === 'items' ? {} : { list: next })} items={[
              { key: 'items', label: t.items, children: <Items whole={whole} /> },
              { key: 'resources', label: t.resources, children: <Resources whole={whole} /> },
              ...(seesDrafts ? [{ key: 'drafts', label: e.drafts, children: <Drafts whole={whole} /> }] : []),
            ]} />
          </Card>
        )}
      </Answered>
    </Page>
  );
}

function Items({ whole }: { readonly whole: Whole }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const { filters, set, clear, any } = useFilters();
  const rows = useMemo(() => found(whole, filters), [whole, filters]);
  const columns: TableColumnsType<Item> = [
    { title: t.code, dataIndex: 'code', width: 120, fixed: 'left', sorter: (a, b) => a.code.localeCompare(b.code), render: (code: string) => <Link to={itemPath(code)}><Code>{code}</Code></Link> },
    { title: t.name, dataIndex: 'name', width: 200, ellipsis: true, sorter: (a, b) => a.name.localeCompare(b.name, 'zh'), render: (name: string) => <Clipped>{name}</Clipped> },
    { title: t.shareType, dataIndex: 'shareType', width: 118, render: (type: ShareType) => <ShareTypeTag type={type} /> },
    { title: t.sensitivity, dataIndex: 'sensitivity', width: 140, render: (level: string) => text(sensitivityNames[level] ?? { zh: level, en: level }) },
    { title: t.department, dataIndex: 'ownerDepartmentName', width: 150, ellipsis: true, render: (name: string) => <Clipped>{name}</Clipped> },
    { title: t.resource, dataIndex: 'resource', width: 180, ellipsis: true, responsive: ['xl'], render: (code: string | null) => (code === null ? '—' : <Clipped>{whole.resource.get(code)?.name ?? code}</Clipped>) },
    { title: t.condition, dataIndex: 'condition', ellipsis: true, responsive: ['xxl'], render: (condition: string) => <Clipped secondary>{condition === '' ? '—' : condition}</Clipped> },
  ];
  const departments = [...whole.departments].map(([value, label]) => ({ value, label }));
  return (
    <>
      <Flex component="search" gap={8} wrap style={{ marginBottom: 12 }}>
        <SearchBox label={t.search} words={filters.q} onWords={(q) => set({ q })} />
        <Segmented value={filters.registry} onChange={(registry) => set({ registry })} aria-label={t.registry} options={[{ value: '', label: t.all }, ...Object.entries(registryNames).map(([value, name]) => ({ value, label: text(name) }))]} />
        <Select allowClear showSearch={{ optionFilterProp: 'label' }} placeholder={t.department} aria-label={t.department} value={filters.department || undefined} onChange={(department?: string) => set({ department: department ?? '' })} options={departments} style={{ width: 160 }} />
        <Select allowClear placeholder={t.shareType} aria-label={t.shareType} value={filters.share || undefined} onChange={(share?: string) => set({ share: share ?? '' })} options={Object.entries(shareTypeNames).map(([value, name]) => ({ value, label: text(name) }))} style={{ width: 124 }} />
        <Select allowClear placeholder={t.sensitivity} aria-label={t.sensitivity} value={filters.level || undefined} onChange={(level?: string) => set({ level: level ?? '' })} options={Object.entries(sensitivityNames).map(([value, name]) => ({ value, label: text(name) }))} style={{ width: 140 }} />
        {any && <Button type="link" onClick={clear}>{t.clear}</Button>}
      </Flex>
      <Table<Item> size="small" rowKey="code" columns={columns} dataSource={[...rows]} scroll={{ x: 900 }} pagination={{ defaultPageSize: 20, pageSizeOptions: [20, 50, 100], showSizeChanger: true, showTotal: t.total, size: 'small' }} locale={{ emptyText: <Nothing what={t.nothing} next={t.nothingNext} action={<Button onClick={clear}>{t.clear}</Button>} /> }} />
    </>
  );
}

function Resources({ whole }: { readonly whole: Whole }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const counts = useMemo(() => Map.groupBy(whole.items, ({ resource }) => resource), [whole]);
  const columns: TableColumnsType<Resource> = [
    { title: t.code, dataIndex: 'code', width: 170, render: (code: string) => <Link to={resourcePath(code)}><Code>{code}</Code></Link> },
    { title: t.name, dataIndex: 'name', width: 220, ellipsis: true, render: (name: string) => <Clipped>{name}</Clipped> },
    { title: t.department, dataIndex: 'departmentName', width: 160, ellipsis: true, render: (name: string) => <Clipped>{name}</Clipped> },
    { title: t.shareType, dataIndex: 'shareType', width: 118, render: (type: ShareType) => <ShareTypeTag type={type} /> },
    { title: t.itemCount, key: 'count', width: 96, align: 'right', className: 'hub-number', sorter: (a, b) => (counts.get(a.code)?.length ?? 0) - (counts.get(b.code)?.length ?? 0), render: (_value, { code }) => counts.get(code)?.length ?? 0 },
    { title: t.updateCycle, dataIndex: 'updateCycle', width: 90, render: (cycle: Resource['updateCycle']) => text(updateCycleNames[cycle]) },
    { title: t.state, dataIndex: 'state', width: 90, render: (state: Resource['state']) => <StateTag tone={state === 'PUBLISHED' ? 'good' : 'still'}>{text(resourceStateNames[state])}</StateTag> },
    { title: t.publishedOn, dataIndex: 'publishedOn', width: 110, className: 'hub-date', sorter: (a, b) => a.publishedOn.localeCompare(b.publishedOn) },
  ];
  return <Table<Resource> size="small" rowKey="code" columns={columns} dataSource={[...whole.resources]} scroll={{ x: 1000 }} pagination={{ defaultPageSize: 20, showSizeChanger: true, showTotal: t.total, size: 'small' }} />;
}

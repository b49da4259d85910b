/**
 * All matters: found by name or code, as one types.
 */
import { PlusOutlined } from '@ant-design/icons';
import { Button, Card, Flex, Table, Tag } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { matterPath, useEdits, useMatters } from './matters.ts';
import type { Known, Matter } from './matters.ts';
import { RegisterForm } from './register-form.tsx';
import { kinNames, registerTexts, texts } from './texts.ts';

/** The room's first page. */
export function ListPage(): ReactNode {
  const t = useTexts(texts);
  const r = useTexts(registerTexts);
  const go = useNavigate();
  const edits = useEdits();
  const { answer, known } = useMatters();
  const [registering, setRegistering] = useState(false);
  const done = (code: string | null): void => {
    setRegistering(false);
    if (code !== null) void go(matterPath(code));
  };
  return (
    <Page title={t.title} about={known && t.about(known.matters.length)} actions={edits && <Button type="primary" icon={<PlusOutlined />} onClick={() => setRegistering(true)}>{r.register}</Button>}>
      <Answered by={answer}>{() => known && <Card><Matters known={known} /></Card>}</Answered>
      {known !== undefined && registering && <RegisterForm known={known} matter={null} onDone={done} />}
    </Page>
  );
}

function Matters({ known: { matters, department } }: { readonly known: Known }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [search, setSearch] = useSearchParams();
  const words = (search.get('q') ?? '').toLowerCase();
  const rows = matters.filter(({ code, name, departmentCode }) => [code, name, department(departmentCode)].some((own) => own.toLowerCase().includes(words)));
  const columns: TableColumnsType<Matter> = [
    { title: t.code, dataIndex: 'code', width: 150, sorter: (a, b) => a.code.localeCompare(b.code), render: (code: string) => <Link to={matterPath(code)}><Code>{code}</Code></Link> },
    { title: t.name, dataIndex: 'name', width: 220, ellipsis: true, render: (name: string, { code }) => <Link to={matterPath(code)} style={{ color: 'inherit' }}>{name}</Link> },
    { title: t.department, dataIndex: 'departmentCode', width: 180, sorter: (a, b) => a.departmentCode.localeCompare(b.departmentCode), render: (code: string) => <Clipped>{department(code)}</Clipped> },
    { title: t.participants, dataIndex: 'participants', render: (codes: readonly string[]) => <Clipped secondary>{codes.length === 0 ? '—' : codes.map(department).join('、')}</Clipped>, ellipsis: true },
    { title: t.kin, dataIndex: 'kin', width: 230, render: (kin: Matter['kin']) => (kin.length === 0 ? '—' : <Flex gap={4} wrap>{kin.map((own) => <Tag key={own} style={{ margin: 0 }}>{text(kinNames[own])}</Tag>)}</Flex>) },
    { title: t.needsCase, dataIndex: 'needsCase', width: 110, render: (needs: boolean) => (needs ? t.yes : t.no) },
    { title: t.version, dataIndex: 'publishedVersion', width: 130, render: (version: number | null) => <StateTag tone={version === null ? 'still' : 'good'}>{version === null ? t.unpublished : t.versionNo(version)}</StateTag> },
  ];
  return (
    <>
      <Flex gap={8} wrap style={{ marginBottom: 12 }}>
        <SearchBox label={t.search} words={search.get('q') ?? ''} onWords={(q) => setSearch(q === '' ? {} : { q }, { replace: true })} width={260} />
      </Flex>
      <Table<Matter> size="small" rowKey="code" columns={columns} dataSource={rows} scroll={{ x: 1100 }} pagination={{ defaultPageSize: 50, hideOnSinglePage: true, showTotal: t.total, size: 'small' }} locale={{ emptyText: <Nothing what={t.nothing} next={t.nothingNext} /> }} />
    </>
  );
}

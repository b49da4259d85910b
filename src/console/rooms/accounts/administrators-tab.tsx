/**
 * Registered administrators: who they are, by what account and what keys they come in.
 */
import { Flex, Table, Tag, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { AdministratorRole } from '../../generated/enums.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { Clipped, Code } from '../../parts/clipped.tsx';
import { roleNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { says, useKeeps } from './admitted.ts';
import type { Administrator, Everybody } from './admitted.ts';
import { KeyActions, KeysShown, KeysState } from './keys.tsx';
import type { Secret } from './shown-once.tsx';
import { texts } from './texts.ts';

const holderOf = ({ code, name }: Administrator) => ({ kind: 'administrator' as const, code, name });

/** All of them. */
export function AdministratorsTab({ everybody, onSecret }: { readonly everybody: Everybody; readonly onSecret: (secret: Secret) => void }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const keeps = useKeeps();
  const [words, setWords] = useState('');
  const rows = everybody.administrators.filter((own) => says(words, own.code, own.name, own.departmentName));
  const columns: TableColumnsType<Administrator> = [
    { title: t.administrator, key: 'administrator', width: 220, sorter: (a, b) => a.code.localeCompare(b.code), render: (_value, { code, name }) => <Flex vertical><Clipped>{name}</Clipped><Typography.Text type="secondary" className="hub-code">{code}</Typography.Text></Flex> },
    { title: t.role, dataIndex: 'role', width: 110, filters: (Object.keys(roleNames) as AdministratorRole[]).map((value) => ({ value, text: text(roleNames[value]) })), onFilter: (value, { role }) => role === value, render: (role: AdministratorRole) => text(roleNames[role]) },
    { title: t.department, key: 'department', width: 300, sorter: (a, b) => a.departmentCode.localeCompare(b.departmentCode), render: (_value, { departmentName, ofAuthority }) => <Flex gap={8} align="center"><span>{departmentName}</span>{ofAuthority && <Tag style={{ margin: 0 }}>{t.ofAuthority}</Tag>}</Flex> },
    { title: t.hasAccount, key: 'account', width: 150, render: (_value, { code }) => {
      const account = everybody.openAccount.get(code);
      return account === undefined ? <Typography.Text type="secondary">{t.none}</Typography.Text> : <Code>{account.name}</Code>;
    } },
    { title: t.keys, key: 'keys', width: 230, render: (_value, own) => <KeysState keys={everybody.keysOf(holderOf(own))} links={everybody.linksOf(holderOf(own)).length} /> },
    ...(keeps ? [{ title: t.actions, key: 'actions', width: 64, render: (_value: unknown, own: Administrator) => <KeyActions holder={holderOf(own)} keys={everybody.keysOf(holderOf(own))} onSecret={onSecret} /> }] : []),
  ];
  return (
    <>
      <Flex justify="space-between" align="center" gap={8} wrap style={{ margin: '4px 0 12px' }}>
        <SearchBox label={t.search} words={words} onWords={setWords} width={260} />
        <Typography.Text type="secondary">{t.administratorsElsewhere}</Typography.Text>
      </Flex>
      <Table<Administrator> size="small" rowKey="code" columns={columns} dataSource={rows} scroll={{ x: 1000 }} expandable={{ expandedRowRender: (own) => <KeysShown keys={everybody.keysOf(holderOf(own))} links={everybody.linksOf(holderOf(own))} /> }} pagination={{ defaultPageSize: 50, hideOnSinglePage: true, showTotal: t.total, size: 'small' }} locale={{ emptyText: <Nothing what={t.nothing} next={t.nothingNext} /> }} />
    </>
  );
}

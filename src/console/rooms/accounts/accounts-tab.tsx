/**
 * Accounts at the console: whose they are, how they stand, and what a system administrator does about it.
 */
import { MoreOutlined, PlusOutlined } from '@ant-design/icons';
import { App, Button, Dropdown, Flex, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useChange } from '../../api/ask.ts';
import type { AdministratorRole } from '../../generated/enums.ts';
import { momentOf, useText, useTexts } from '../../language/language.tsx';
import { Clipped } from '../../parts/clipped.tsx';
import { roleNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { StateTag } from '../../parts/state-tag.tsx';
import { says, useKeeps } from './admitted.ts';
import type { Account, Everybody } from './admitted.ts';
import { CloseAccount, OpenAccount, ResetAccount, UnlockAccount } from './documents.ts';
import { OpenAccountForm } from './open-account.tsx';
import type { Secret } from './shown-once.tsx';
import { texts } from './texts.ts';

interface TabProps {
  readonly everybody: Everybody;
  readonly onSecret: (secret: Secret) => void;
}

/** Names may be long, and columns are not. */
const broken = { whiteSpace: 'normal', overflowWrap: 'anywhere' } as const;

/** All of them. */
export function AccountsTab({ everybody, onSecret }: TabProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const keeps = useKeeps();
  const [words, setWords] = useState('');
  const [opening, setOpening] = useState(false);
  const rows = everybody.accounts.filter((own) => says(words, own.name, own.administrator, own.administratorName, own.departmentName));
  const columns: TableColumnsType<Account> = [
    { title: t.account, dataIndex: 'name', width: 120, fixed: 'left', sorter: (a, b) => a.name.localeCompare(b.name), render: (name: string) => <span className="hub-code" style={broken}>{name}</span> },
    { title: t.holder, key: 'holder', width: 170, render: (_value, { administrator, administratorName }) => <Flex vertical><Clipped>{administratorName}</Clipped><Typography.Text type="secondary" className="hub-code" style={broken}>{administrator}</Typography.Text></Flex> },
    { title: t.role, dataIndex: 'role', width: 96, filters: (Object.keys(roleNames) as AdministratorRole[]).map((value) => ({ value, text: text(roleNames[value]) })), onFilter: (value, { role }) => role === value, render: (role: AdministratorRole) => text(roleNames[role]) },
    { title: t.department, dataIndex: 'departmentName', width: 176, ellipsis: true, render: (name: string) => <Clipped>{name}</Clipped> },
    { title: t.state, key: 'state', width: 212, render: (_value, account) => <AccountState account={account} /> },
    { title: t.twoSteps, dataIndex: 'hasCode', width: 90, render: (on: boolean) => <StateTag tone={on ? 'good' : 'still'}>{on ? t.on : t.off}</StateTag> },
    { title: t.sessions, dataIndex: 'sessions', width: 62, align: 'right', className: 'hub-number' },
    { title: t.usedAt, dataIndex: 'usedAt', width: 146, className: 'hub-date', sorter: (a, b) => (a.usedAt ?? '').localeCompare(b.usedAt ?? ''), render: (at: string | null) => (at === null ? t.never : momentOf(at)) },
    ...(keeps ? [{ title: t.actions, key: 'actions', width: 58, fixed: 'right' as const, render: (_value: unknown, account: Account) => <AccountActions account={account} onSecret={onSecret} /> }] : []),
  ];
  return (
    <>
      <Flex justify="space-between" gap={8} wrap style={{ margin: '4px 0 12px' }}>
        <SearchBox label={t.search} words={words} onWords={setWords} width={260} />
        {keeps && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpening(true)}>{t.open}</Button>}
      </Flex>
      <Table<Account> size="small" rowKey="name" columns={columns} dataSource={rows} scroll={{ x: 1130 }} pagination={{ defaultPageSize: 50, hideOnSinglePage: true, showTotal: t.total, size: 'small' }} locale={{ emptyText: <Nothing what={t.nothing} next={t.nothingNext} /> }} />
      {keeps && <OpenAccountForm open={opening} everybody={everybody} onDone={() => setOpening(false)} onSecret={onSecret} />}
    </>
  );
}

function AccountState({ account: { closedAt, lockedUntil, mustChangePassword, oneTimeUntil, failedAttempts, resetBy, resetAt } }: { readonly account: Account }): ReactNode {
  const t = useTexts(texts);
  const [now] = useState(() => Date.now());
  if (closedAt !== null) return <Flex vertical gap={2} align="flex-start"><StateTag tone="still">{t.stateClosed}</StateTag><Typography.Text type="secondary" className="hub-date" style={{ fontSize: 12 }}>{momentOf(closedAt)}</Typography.Text></Flex>;
  const given = <Typography.Text type="secondary" style={{ fontSize: 12 }}>{t.given(resetBy, momentOf(resetAt))}</Typography.Text>;
  if (lockedUntil !== null) return <Flex vertical gap={2} align="flex-start"><StateTag tone="stopped">{t.stateLocked(momentOf(lockedUntil))}</StateTag><Typography.Text type="secondary" style={{ fontSize: 12 }}>{t.failed(failedAttempts)}</Typography.Text></Flex>;
  if (mustChangePassword) {
    const over = oneTimeUntil !== null && Date.parse(oneTimeUntil) < now;
    return <Flex vertical gap={2} align="flex-start"><StateTag tone={over ? 'stopped' : 'waits'}>{over ? t.stateOneTimeOver : t.stateOneTime}</StateTag>{given}</Flex>;
  }
  return <Flex gap={8} align="center" wrap><StateTag tone="good">{t.stateOpen}</StateTag>{failedAttempts > 0 && <Typography.Text type="secondary" style={{ fontSize: 12 }}>{t.failed(failedAttempts)}</Typography.Text>}</Flex>;
}

function AccountActions({ account: { name, administrator, closedAt, lockedUntil }, onSecret }: { readonly account: Account; readonly onSecret: (secret: Secret) => void }): ReactNode {
  const t = useTexts(texts);
  const { modal, message } = App.useApp();
  const open = useChange(OpenAccount);
  const reset = useChange(ResetAccount);
  const unlock = useChange(UnlockAccount);
  const close = useChange(CloseAccount);
  const show = (given: { readonly account: string; readonly password: string; readonly until: string } | null): void => {
    if (given !== null) onSecret({ title: t.oneTimeTitle, about: t.oneTimeFor(given.account, momentOf(given.until)), value: given.password });
  };
  const confirm = (title: string, content: string, okText: string, danger: boolean, work: () => Promise<unknown>): void => void modal.confirm({
    title, content, okText, cancelText: t.cancel, okButtonProps: { danger },
    // What is refused is said in a window of its own, with what to do next.
    onOk: () => work().catch((problem: unknown) => void modal.error({ title: okText, content: <ProblemShown problem={problem as never} /> })),
  });
  const items = closedAt !== null
    ? [{ key: 'open', label: t.reopen, onClick: () => confirm(t.reopen, t.oneTimeTitle, t.reopen, false, () => open.mutateAsync({ account: { name, administrator } }).then((done) => show(done.openAccount))) }]
    : [
      ...(lockedUntil === null ? [] : [{ key: 'unlock', label: t.unlock, onClick: () => unlock.mutate({ name }, { onSuccess: () => void message.success(t.unlocked(name)) }) }]),
      { key: 'reset', label: t.reset, onClick: () => confirm(t.resetAsk(name), t.resetWhy, t.reset, false, () => reset.mutateAsync({ name }).then((done) => show(done.resetAccount))) },
      { type: 'divider' as const },
      { key: 'close', danger: true, label: t.close, onClick: () => confirm(t.closeAsk(name), t.closeWhy, t.close, true, () => close.mutateAsync({ name }).then(() => void message.success(t.closed(name)))) },
    ];
  return <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight"><Button type="text" size="small" aria-label={t.more(name)} aria-haspopup="menu" icon={<MoreOutlined />} /></Dropdown>;
}

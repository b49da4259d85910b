/**
 * The frame of every room: the menu with the rooms of the session, the header with who is signed in, and the room itself,
 * which is loaded when it is entered. A room that is not of the session is refused here for whoever came by a link inside the
 * page, as the hub refuses it by address.
 */
import { DownOutlined, LockOutlined, LogoutOutlined, MenuFoldOutlined, MenuUnfoldOutlined, UserOutlined } from '@ant-design/icons';
import { Button, Dropdown, Flex, Grid, Layout, Menu, Skeleton, Tag, Tooltip, Typography } from 'antd';
import { createElement, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Link, Navigate, Outlet, useLocation, useNavigate, useParams } from 'react-router';
import { useSession, useSessionCall } from '../api/session.ts';
import { useText, useTexts } from '../language/language.tsx';
import { Mark } from '../parts/mark.tsx';
import { roleNames } from '../parts/names.ts';
import { LanguageSwitch } from './door.tsx';
import { ForbiddenPage, MissingPage } from './pages.tsx';
import { fetchRoom, groups, rooms, roomsOf, useRoom } from './rooms.tsx';
import type { GroupName } from './rooms.tsx';
import { shellTexts } from './texts.ts';

/** Menu, header, room. */
export function Shell(): ReactNode {
  const t = useTexts(shellTexts);
  const { lg = true } = Grid.useBreakpoint();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const folded = chosen ?? !lg;
  const main = useRef<HTMLElement>(null);
  return (
    <Layout style={{ height: '100%' }}>
      <a className="hub-skip" href="#main" onClick={(event) => {
        event.preventDefault();
        main.current?.focus();
      }}>{t.skip}</a>
      <Layout.Sider width={208} collapsedWidth={60} collapsed={folded} trigger={null} style={{ borderInlineEnd: '1px solid #e6eaf0', overflow: 'hidden auto' }}>
        <Link to="/" aria-label={`${t.product} ${t.console}`} style={{ display: 'flex', alignItems: 'center', gap: 10, height: 52, padding: folded ? '0 16px' : '0 18px', color: 'inherit' }}>
          <Mark size={28} />
          {!folded && <Typography.Text strong style={{ whiteSpace: 'nowrap', fontSize: 15 }}>{t.product}</Typography.Text>}
        </Link>
        <RoomsMenu />
      </Layout.Sider>
      <Layout>
        <Layout.Header style={{ display: 'flex', alignItems: 'center', gap: 12, borderBlockEnd: '1px solid #e6eaf0', lineHeight: 1, paddingInlineStart: 8 }}>
          <Tooltip title={folded ? t.unfold : t.fold}>
            <Button type="text" aria-label={folded ? t.unfold : t.fold} aria-expanded={!folded} icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />} onClick={() => setChosen(!folded)} />
          </Tooltip>
          <div style={{ flex: 1 }} />
          <LanguageSwitch />
          <WhoIsHere />
        </Layout.Header>
        <Layout.Content ref={main} id="main" className="hub-main" tabIndex={-1} style={{ overflow: 'auto', padding: '16px 20px 24px' }}>
          <Outlet />
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

function RoomsMenu(): ReactNode {
  const t = useTexts(shellTexts);
  const text = useText();
  const { pathname } = useLocation();
  const mine = roomsOf(useSession().rooms);
  const items = (Object.keys(groups) as GroupName[]).flatMap((group) => {
    const children = mine.filter((room) => room.group === group).map(({ path, name, icon }) => ({ key: path, icon, label: <Link to={`/${path}`} onPointerEnter={() => void fetchRoom(path)} onFocus={() => void fetchRoom(path)}>{text(name)}</Link>, title: text(name) }));
    return children.length === 0 ? [] : [{ key: `group-${group}`, type: 'group' as const, label: text(groups[group]), children }];
  });
  return <nav aria-label={t.menu}><Menu className="hub-menu" mode="inline" selectedKeys={[pathname.split('/')[1] ?? '']} items={items} /></nav>;
}

function WhoIsHere(): ReactNode {
  const t = useTexts(shellTexts);
  const text = useText();
  const session = useSession();
  const go = useNavigate();
  const signOut = useSessionCall('signOut');
  const lock = useSessionCall('lock');
  const items = [
    { key: 'me', icon: <UserOutlined />, label: t.myAccount, onClick: () => void go('/me') },
    { key: 'lock', icon: <LockOutlined />, label: t.lock, onClick: () => lock.mutate() },
    { type: 'divider' as const },
    { key: 'out', icon: <LogoutOutlined />, label: t.signOut, onClick: () => signOut.mutate() },
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button type="text" aria-haspopup="menu" style={{ height: 40, paddingInline: 8 }}>
        <Flex align="center" gap={8} title={t.account}>
          <Typography.Text type="secondary" ellipsis style={{ maxWidth: 180 }}>{session.departmentName}</Typography.Text>
          <Typography.Text strong ellipsis style={{ maxWidth: 160 }}>{session.name}</Typography.Text>
          <Tag color="processing" style={{ margin: 0 }}>{text(roleNames[session.role])}</Tag>
          <DownOutlined style={{ fontSize: 10, color: '#5b6573' }} />
        </Flex>
      </Button>
    </Dropdown>
  );
}

/** Where one arrives: the first room of one's own. */
export function FirstRoom(): ReactNode {
  const [first] = roomsOf(useSession().rooms);
  return <Navigate to={`/${first?.path ?? 'me'}`} replace />;
}

/** The room that the address names. */
export function RoomPage(): ReactNode {
  const { room: path = '' } = useParams();
  const text = useText();
  const t = useTexts(shellTexts);
  const session = useSession();
  const room = rooms.find((own) => own.path === path);
  useEffect(() => {
    document.title = `${room === undefined ? '' : `${text(room.name)} · `}${t.product}${t.console}`;
  }, [room, text, t]);
  if (room === undefined) return <MissingPage />;
  if (!session.rooms.includes(path)) return <ForbiddenPage room={text(room.name)} />;
  return <Room key={path} path={path} />;
}

function Room({ path }: { readonly path: string }): ReactNode {
  const t = useTexts(shellTexts);
  const component = useRoom(path);
  if (component === null) return <MissingPage />;
  return component === undefined ? <Skeleton active paragraph={{ rows: 8 }} aria-label={t.loading} /> : createElement(component);
}

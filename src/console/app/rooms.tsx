/**
 * The rooms of the console: where each is, what it is called, and under what it stands in the menu. A room is a folder below
 * `rooms/` whose `index.tsx` exports its component; it is found there by its path, and loaded when it is entered. Who may enter is
 * not said here: the hub tells the rooms of a session (`GET /session`) and guards them (src/http/console/rooms.ts).
 */
import {
  ApartmentOutlined, AppstoreOutlined, AuditOutlined, BarChartOutlined, CodeOutlined, EnvironmentOutlined, EyeOutlined,
  FileDoneOutlined, SolutionOutlined, SyncOutlined, TableOutlined, TeamOutlined,
} from '@ant-design/icons';
import { lazy } from 'react';
import type { ComponentType, LazyExoticComponent, ReactNode } from 'react';
import { pairs } from '../language/language.tsx';
import type { Pair } from '../language/language.tsx';

/** A room as the shell knows it. */
export interface Room {
  readonly path: string;
  readonly name: Pair;
  readonly icon: ReactNode;
  /** What it stands under in the menu; null: reached otherwise. */
  readonly group: GroupName | null;
}

/** What rooms stand under in the menu, in order. */
export const groups = pairs({
  sharing: { zh: '共享管理', en: 'Sharing' },
  business: { zh: '业务', en: 'Business' },
  running: { zh: '运行监督', en: 'Running' },
  people: { zh: '人员', en: 'People' },
});

export type GroupName = keyof typeof groups;

/** All rooms there can be, in the order of the menu. */
export const rooms: readonly Room[] = [
  { path: 'permissions', name: { zh: '字段权限', en: 'Field permissions' }, icon: <TableOutlined />, group: 'sharing' },
  { path: 'catalog', name: { zh: '目录', en: 'Catalog' }, icon: <AppstoreOutlined />, group: 'sharing' },
  { path: 'applications', name: { zh: '申请', en: 'Applications' }, icon: <FileDoneOutlined />, group: 'sharing' },
  { path: 'view-as', name: { zh: '模拟查看', en: 'View as' }, icon: <EyeOutlined />, group: 'sharing' },
  { path: 'matters', name: { zh: '事项', en: 'Matters' }, icon: <SolutionOutlined />, group: 'business' },
  { path: 'map', name: { zh: '地图', en: 'Map' }, icon: <EnvironmentOutlined />, group: 'business' },
  { path: 'query', name: { zh: '查询', en: 'Query' }, icon: <CodeOutlined />, group: 'business' },
  { path: 'sync', name: { zh: '同步', en: 'Sync' }, icon: <SyncOutlined />, group: 'running' },
  { path: 'audit', name: { zh: '审计', en: 'Audit' }, icon: <AuditOutlined />, group: 'running' },
  { path: 'evaluation', name: { zh: '评价', en: 'Evaluation' }, icon: <BarChartOutlined />, group: 'running' },
  { path: 'accounts', name: { zh: '账户', en: 'Accounts' }, icon: <TeamOutlined />, group: 'people' },
  { path: 'me', name: { zh: '我的账户', en: 'My account' }, icon: <ApartmentOutlined />, group: null },
];

const built = import.meta.glob<{ readonly default: ComponentType }>('../rooms/*/index.tsx');

/** Components of the rooms that are built, by path. */
const components: ReadonlyMap<string, LazyExoticComponent<ComponentType>> = new Map(rooms.flatMap(({ path }) => {
  const load = built[`../rooms/${path}/index.tsx`];
  return load === undefined ? [] : [[path, lazy(load)] as const];
}));

/** What is in a room; undefined where it is not built. */
export const componentOf = (path: string): LazyExoticComponent<ComponentType> | undefined => components.get(path);

/** The built rooms among those that a session may enter, in the order of the menu. */
export function roomsOf(allowed: readonly string[]): readonly Room[] {
  return rooms.filter(({ path }) => allowed.includes(path) && components.has(path));
}

/**
 * The rooms of the console: where each is, what it is called, and under what it stands in the menu. A room is a folder below
 * `rooms/` whose `index.tsx` exports its component; it is found there by its path, and loaded when it is entered. Who may enter is
 * not said here: the hub tells the rooms of a session (`GET /session`) and guards them (src/http/console/rooms.ts).
 */
import {
  ApartmentOutlined, AppstoreOutlined, AuditOutlined, BarChartOutlined, CodeOutlined, EnvironmentOutlined, EyeOutlined,
  FileDoneOutlined, SolutionOutlined, SyncOutlined, TableOutlined, TeamOutlined,
} from '@ant-design/icons';
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import type { ComponentType, ReactNode } from 'react';
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

/** What a room's folder exports. */
interface RoomCode {
  readonly default: ComponentType;
  /** Asks what the room asks first at an address, ahead of the page: for rooms whose answer takes its time. */
  readonly askFirst?: (queries: QueryClient, search: URLSearchParams) => void;
}

const built = import.meta.glob<RoomCode>('../rooms/*/index.tsx');
const isBuilt = (path: string): boolean => built[`../rooms/${path}/index.tsx`] !== undefined;

/** What rooms are made of, as far as it has come, or why it has not. */
const codes = new Map<string, { readonly code: RoomCode } | { readonly failed: unknown }>();
const coming = new Map<string, Promise<RoomCode | null>>();
const watching = new Set<() => void>();

/** Fetches what a room is made of, which may be before it is entered; null where that is not to be had. What has failed is tried again. */
export function fetchRoom(path: string): Promise<RoomCode | null> {
  const load = built[`../rooms/${path}/index.tsx`];
  const known = coming.get(path);
  if (known !== undefined || load === undefined) return known ?? Promise.resolve(null);
  const loading = load().then((code) => {
    codes.set(path, { code });
    return code;
  }, (failed: unknown) => {
    codes.set(path, { failed });
    coming.delete(path);
    return null;
  });
  void loading.then(() => watching.forEach((told) => told()));
  coming.set(path, loading);
  return loading;
}

/** Asks what a room asks first, without waiting for its page. */
export async function askFirst(path: string, queries: QueryClient): Promise<void> {
  const search = new URLSearchParams(location.search);
  (await fetchRoom(path))?.askFirst?.(queries, search);
}

function watch(told: () => void): () => void {
  watching.add(told);
  return () => watching.delete(told);
}

/** What is in a room; undefined: it has not come yet, null: it is not built. It stands with the frame in which it is there: a boundary of Suspense would hold it back for a third of a second. */
export function useRoom(path: string): ComponentType | undefined | null {
  const come = useSyncExternalStore(watch, () => codes.get(path));
  useEffect(() => void fetchRoom(path), [path]);
  if (come !== undefined && 'failed' in come) throw come.failed;
  return isBuilt(path) ? come?.code.default : null;
}

/** The built rooms among those that a session may enter, in the order of the menu. */
export function roomsOf(allowed: readonly string[]): readonly Room[] {
  return rooms.filter(({ path }) => allowed.includes(path) && isBuilt(path));
}

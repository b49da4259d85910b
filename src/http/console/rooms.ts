/**
 * The rooms of the console, and who may enter which: the one table of it. It gives nobody a right: what can be asked for in a room is
 * decided by the doors (graphql/doors.ts), and a room lists the root fields that it lives on, so that nobody is let into one where
 * every door is shut. Whoever may not enter hears so from the server, by address too.
 */
import type { Administrator, Role } from '../../sharing/terms.ts';

/** A room. */
export interface Room {
  /** Its address, below `/`. */
  readonly path: string;
  /** Whose administrators enter: of any department, or of the data authority only. */
  readonly roles: Readonly<Partial<Record<Role, 'any' | 'authority'>>>;
  /** Root fields that it lives on. */
  readonly asks: readonly string[];
}

const everybody = { SYSTEM: 'any', SECURITY: 'any', AUDIT: 'any', STEWARD: 'any' } as const;

/** All rooms, in the order of the menu. */
export const rooms: readonly Room[] = [
  { path: 'permissions', roles: { SECURITY: 'authority', STEWARD: 'any' }, asks: ['Query.fieldPermissions', 'Query.fieldPermissionChanges', 'Query.previewChange'] },
  { path: 'catalog', roles: everybody, asks: ['Query.catalogItems', 'Query.catalogResources', 'Query.catalogDrafts'] },
  { path: 'applications', roles: { STEWARD: 'any', SECURITY: 'authority', AUDIT: 'authority' }, asks: ['Query.applications', 'Query.overdue'] },
  { path: 'view-as', roles: { SECURITY: 'authority', STEWARD: 'any' }, asks: ['Query.consumers', 'Query.explain', 'Query.whatSees', 'Query.pastOperations'] },
  { path: 'sync', roles: { SYSTEM: 'authority', STEWARD: 'any' }, asks: ['Query.syncStatus', 'Query.quarantinedEntries', 'Query.conflicts'] },
  { path: 'matters', roles: everybody, asks: ['Query.matters', 'Query.matterVersions'] },
  { path: 'audit', roles: { AUDIT: 'authority' }, asks: ['Query.auditRecords', 'Query.auditState'] },
  { path: 'evaluation', roles: everybody, asks: ['Query.evaluation', 'Query.evaluationFile'] },
  { path: 'map', roles: everybody, asks: ['Query.divisionFigures', 'Query.divisionShapes'] },
  { path: 'query', roles: everybody, asks: ['Query.me'] },
  { path: 'accounts', roles: { SYSTEM: 'authority', AUDIT: 'authority' }, asks: ['Query.accounts', 'Query.tokenLinks'] },
  { path: 'me', roles: everybody, asks: ['Query.me'] },
];

/** May this administrator enter? */
export function mayEnter({ roles }: Room, { role, ofAuthority }: Administrator): boolean {
  const whose = roles[role];
  return whose === 'any' || (whose === 'authority' && ofAuthority);
}

/** The rooms of an administrator, by address. */
export function roomsOf(administrator: Administrator): readonly string[] {
  return rooms.filter((room) => mayEnter(room, administrator)).map(({ path }) => path);
}

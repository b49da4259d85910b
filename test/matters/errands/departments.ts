/**
 * The departments of the county's errands, each with an application of its own, and what they may have: everything that is shared at
 * all, unless a test takes something away.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { Definition } from '../../../src/matters/definition.ts';
import { callers, registerOther } from '../../world/callers.ts';
import type { CallerName, OtherName } from '../../world/callers.ts';
import { grantTo } from '../../world/grants.ts';
import type { TestHub } from '../../world/hub.ts';

/** The application of each department that is responsible for a matter, or answers one at its desk. */
export const applications = {
  '620623-GA': 'police', '620623-MZ': 'civilAffairs', '620623-SC': 'market', '620623-ZR': 'naturalResources', '620623-WJ': 'other-health', '620623-RS': 'other-labour', '620623-YB': 'other-insurance',
  '620623-JY': 'other-education', '620623-ZJ': 'other-housing', '620623-NY': 'other-agriculture', '620623-SW': 'other-tax', '620623-FY': 'other-court',
} as const satisfies Readonly<Record<string, CallerName | OtherName>>;

export type Department = keyof typeof applications;
export type Application = (typeof applications)[Department];

const folder = new URL('../../../seeds/matters/', import.meta.url);

/** The seeded definitions by the code of their matter. */
export const definitions: ReadonlyMap<string, Definition> = new Map(readdirSync(folder).sort().map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Definition]));

/** The application that handles a matter: its code begins with the department's. */
export function handlerOf(matter: string): Application {
  return applications[matter.split('-').slice(0, 2).join('-') as Department];
}

/** Registers those of them whom the template lacks. What decides about one comes into force with the next decision. */
export async function registerApplications({ database }: TestHub): Promise<void> {
  for (const [department, name] of Object.entries(applications)) if (!Object.hasOwn(callers, name)) await registerOther(database, name as OtherName, department, null);
}

/** Grants an application all that is shared and can be granted, under one number. */
export async function grantEverything(hub: TestHub, application: Application, approvalNo = `ALL-${application}`, except: readonly string[] = []): Promise<void> {
  const items = [...hub.standing.catalog.items()].filter(({ code, shareType }) => shareType !== 'NOT_SHARED' && !except.includes(code));
  const { errors } = await grantTo(hub, `test-${application}`, approvalNo, items.map(({ code, keyShareType }) => ({ item: code, uses: ['READ', 'FIND', 'EXIST', 'VERIFY', ...(keyShareType === 'NOT_SHARED' ? [] : ['KEY'])] })));
  if (errors.length > 0) throw new Error(errors[0]?.message);
}

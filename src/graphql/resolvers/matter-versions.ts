/**
 * Resolvers of schema/matter-versions.graphql: drafting, running and publishing what matters ask for, and applying for it.
 */
import { HubError } from '../../errors.ts';
import type { BasedOn } from '../../identity/based-on.ts';
import { readDefinition } from '../../matters/definition.ts';
import type { Definition } from '../../matters/definition.ts';
import { draftVersion, noteTested, publishVersion, unknownMatter, versionOf, versionsOf } from '../../matters/version.ts';
import type { MatterVersion } from '../../matters/version.ts';
import { mattersOf } from '../../matters/matter.ts';
import type { Matter } from '../../sharing/terms.ts';
import type { HubContext } from '../context.ts';
import { asksOfMatter, matterFactsOf } from '../matter-facts.ts';
import { itemsOfAsks } from '../needed.ts';
import { rehearse } from '../rehearsal.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import { factShown } from './lookup.ts';
import { applyFor, concerned, neededShown } from './needed.ts';
import type { OperationApplication } from './needed.ts';
import type { Records } from './records.ts';
import { actorOf, inForce, plain } from './resolver.ts';
import type { Resolvers } from './resolver.ts';

interface VersionName {
  readonly matter: string;
  readonly version: number;
}

/** See the head of this file. */
export function matterVersions(hub: HubSchema, work: Work, records: Records): Resolvers {
  const sql = () => work.writing().sql;
  const needs = async (code: string, version: number | null, consumer: string | null, context: HubContext) => {
    const matter = matterIn(code, context);
    const found = await versionOf(sql(), code, version ?? matter.publishedVersion ?? 0);
    if (found === undefined || (found.state === 'DRAFT' && !isAuthority(context))) throw new HubError('BAD_INPUT', version === null ? `Nothing is published of what matter ${code} asks for.` : `Matter ${code} has no version ${version}; matterVersions lists them.`);
    return itemsOfAsks(context.standing, { consumer: concerned(consumer, context), matters: [code], mode: 'QUERY' }, asksOfMatter(matterFactsOf(hub, found.definition)), context.now);
  };
  return {
    Query: {
      matterVersions: async (_root, { matter }: { readonly matter: string }, context) => {
        matterIn(matter, context);
        return (await versionsOf(sql(), matter)).filter(({ state }) => state === 'PUBLISHED' || isAuthority(context)).map(versionShown);
      },
      itemsNeededByMatter: async (_root, { consumer, matter, version }: { readonly consumer?: string | null; readonly matter: string; readonly version?: number | null }, context) =>
        (await needs(matter, version ?? null, consumer ?? null, context)).map(neededShown),
    },
    Mutation: {
      draftMatterVersion: async (_root, { matter, definition, basedOn }: { readonly matter: string; readonly definition: unknown; readonly basedOn?: BasedOn }, context) => {
        const read: Definition = readDefinition(plain(definition));
        matterFactsOf(hub, read);
        return versionShown(await draftVersion(sql(), matter, read, actorOf(context), basedOn));
      },
      testMatterVersion: async (_root, { matter, version, consumer }: VersionName & { readonly consumer: string }, context) => {
        const found = await versionOf(sql(), matter, version);
        if (found === undefined) throw new HubError('BAD_INPUT', `Matter ${matter} has no version ${version}; matterVersions lists them.`);
        const facts = await rehearse(hub, records, { matter: matterIn(matter, context), definition: found.definition, consumer, context });
        if (found.state === 'DRAFT') await noteTested(sql(), found, context.now);
        return facts.map(factShown);
      },
      publishMatterVersion: async (_root, { matter, version }: VersionName, context) => versionShown(await inForce(work, publishVersion(sql(), matter, version, actorOf(context)))),
      applyForMatter: async (_root, { consumer, matter, application }: { readonly consumer?: string | null; readonly matter: string; readonly application: OperationApplication }, context) => {
        if (!application.matters.includes(matter)) throw new HubError('BAD_INPUT', 'The application is for the matter, so application.matters names it.');
        return applyFor(hub, work, context, consumer ?? null, 'QUERY', application, await needs(matter, null, consumer ?? null, context));
      },
    },
  };
}

function isAuthority({ caller }: HubContext): boolean {
  return caller.kind === 'administrator' && caller.ofAuthority;
}

function matterIn(code: string, { caller, standing }: HubContext): Matter {
  const matter = mattersOf(caller, standing.matters()).find((one) => one.code === code);
  if (matter === undefined) throw unknownMatter(code);
  return matter;
}

const versionShown = ({ matter, version, revision, state, definition, draftedBy, draftedAt, testedAt, publishedBy, publishedAt }: MatterVersion): unknown =>
  ({ matterCode: matter, version, revision, state, definition, draftedBy, draftedAt, testedAt, publishedBy, publishedAt });

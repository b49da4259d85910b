/**
 * Resolvers of schema/divisions.graphql: divisions as administrators see them on a map, counts and shapes.
 */
import { divisionFigures } from '../../evaluation/divisions.ts';
import { divisionShapes } from '../../evaluation/shapes.ts';
import type { HubSchema } from '../schema.ts';
import type { Work } from '../work.ts';
import type { Resolvers } from './resolver.ts';

interface Which {
  readonly parentCode?: string | null;
}

/** See the head of this file. */
export function divisions({ contract }: HubSchema, work: Work): Resolvers {
  const chosen = ({ parentCode }: Which): string => parentCode ?? work.place.division.padEnd(12, '0');
  return {
    Query: {
      divisionFigures: async (_root, which: Which, { standing: { catalog } }) => {
        const counts = await divisionFigures(work.writing().sql, { contract, catalog }, chosen(which));
        return { ...counts, divisions: counts.divisions.map(({ figures, ...division }) => ({ ...division, figures: figures.map(({ count, ...figure }) => ({ ...figure, count: count === null ? null : String(count) })) })) };
      },
      divisionShapes: (_root, which: Which, { standing: { catalog } }) => divisionShapes(work.writing().sql, { contract, catalog }, chosen(which)),
    },
  };
}

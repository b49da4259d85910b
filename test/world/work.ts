/**
 * The way to write that hubs of reading tests have: none.
 */
import type { Work } from '../../src/graphql/work.ts';

/** A hub that only reads. */
export function readingOnly(personKey: Work['personKey']): Work {
  return {
    personKey,
    place: { division: '620623', upper: false },
  caseDays: 90,
    usedFactDays: 30,
    lookups: { clerk: 0, application: 0 },
    deadlines: { precheck: 2, unconditional: 1, conditional: 10, provide: 20, verify: 10, desk: 1 },
    cases: { covering: () => null, versionUnder: () => undefined, look: () => Promise.reject(new Error('This hub of a test only reads.')) },
    writing: () => { throw new Error('This hub of a test only reads.'); },
    isSignature: () => false,
    look: () => Promise.reject(new Error('This hub of a test only reads.')),
  };
}

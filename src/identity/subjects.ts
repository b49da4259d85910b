/**
 * Whom something is about, as people write it: natural persons by ID number, entities by unified social credit code. What is kept is
 * their keys; an ID number is checked by its form, turned into a person key and forgotten. Whether anybody has it is never asked:
 * somebody who is not there has a key like anybody else.
 */
import { HubError } from '../errors.ts';
import { readIdentifier } from '../registries/identifiers/index.ts';

/** One subject: a person's ID number (GB 11643) or an entity's unified social credit code (GB 32100). */
export interface SubjectInput {
  readonly idNumber?: string | null;
  readonly uscc?: string | null;
}

/** What reading them takes. */
export interface KeyMaker {
  /** Civil date. */
  readonly today: string;
  readonly personKey: (idNumber: string) => string;
}

/** As many at once as a batch of keys has. */
const most = 100;

/** The keys of subjects, each once; `BAD_INPUT` names the first that is none, without its value. */
export function subjectKeys(subjects: readonly SubjectInput[], maker: KeyMaker): readonly string[] {
  if (subjects.length === 0) throw new HubError('BAD_INPUT', 'subjects names nobody; name at least one.');
  if (subjects.length > most) throw new HubError('TOO_MANY_KEYS', `subjects names ${subjects.length}; the limit is ${most}. Send the others in another request.`, { limit: most });
  return [...new Set(subjects.map((subject, index) => subjectKey(subject, maker, subjects.length === 1 ? 'subject' : `subjects[${index}]`)))];
}

/** The key of one subject; `at` is what it is called in the sentence that refuses it. */
export function subjectKey({ idNumber, uscc }: SubjectInput, { today, personKey }: KeyMaker, at: string): string {
  try {
    if (typeof idNumber === 'string' && typeof uscc !== 'string') return personKey(readIdentifier('idNumber', idNumber, today));
    if (typeof uscc === 'string' && typeof idNumber !== 'string') return readIdentifier('uscc', uscc, today);
  } catch (error) {
    throw error instanceof HubError ? new HubError(error.code, `${at}: ${error.message}`, error.details) : error;
  }
  throw new HubError('BAD_INPUT', `${at} is named by an idNumber or by a uscc, one of the two.`);
}

/**
 * Whose data an answer holds, told plainly and slowly: row by row as the reference delivers them. It shares nothing with the compiler.
 */
import type { TypeMeta } from './contract.ts';
import type { Row, Value } from './data.ts';
import { listed } from './permission.ts';
import type { Permission } from './permission.ts';

/** See the head of this file. */
export class Subjects {
  /** Person keys. */
  readonly keys = new Set<string>();
  readonly #permission: Permission;
  readonly #persons: readonly Row[];

  /** `persons`: all there are at the question's time. */
  constructor(permission: Permission, persons: readonly Row[]) {
    this.#permission = permission;
    this.#persons = persons;
  }

  /** Those whom a delivered record is about: of a household, its members. Gives the row back. */
  deliver<R extends Row | null>(type: TypeMeta, row: R): R {
    if (row === null) return row;
    const { persons = [], members } = type.model.subject;
    for (const field of persons) this.#add(row[field]);
    if (members === undefined || row[members] === null) return row;
    for (const person of this.#persons) if (person[members] === row[members]) this.#add(person['personKey']);
    return row;
  }

  /** Somebody of whom a field tells although the record is not about him. */
  mention(type: TypeMeta, row: Row, field: string): void {
    if (this.#permission.isAboutSealed(type, row, field)) return;
    for (const [key, fields] of Object.entries(type.model.subject.mentions ?? {})) if (fields.includes(field)) this.#add(row[key]);
  }

  #add(keys: Value | undefined): void {
    // An empty text is nobody's key.
    for (const key of listed(keys)) if (key !== '') this.keys.add(key);
  }
}

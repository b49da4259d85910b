/**
 * Every department that the seeds and the registries name by its code is a department: what a code is called is read in one place.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSeed } from '../../src/seeding/csv.ts';

const root = join(import.meta.dirname, '../..');
const departments = new Map(readSeed('departments.csv', ['code', 'name']).map(({ code, name }) => [code, name]));
const filesOf = (folder: string): readonly string[] => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) => /\.(?:csv|json|ts)$/.test(file)).map((file) => `${folder}/${file}`);

it('has a name for each', () => {
  for (const [code, name] of departments) expect([code, name?.trim()]).toEqual([code, expect.stringMatching(/\p{Script=Han}{4,}/u)]);
  const owners = readdirSync(join(root, 'seeds/catalog')).flatMap((file) => readSeed(`catalog/${file}`, ['ownerDepartment']).map(({ ownerDepartment }) => ownerDepartment));
  expect(owners.length).toBeGreaterThan(300);
  for (const owner of new Set(owners)) expect([owner, departments.has(owner)]).toEqual([owner, true]);
});

it.each([...filesOf('seeds'), ...filesOf('src/registries')])('%s', (file) => {
  // A matter's own code begins with its department's.
  const named = readFileSync(join(root, file), 'utf8').match(/\b6206\d\d-[A-Z]{2}\b/g) ?? [];
  expect([...new Set(named)].filter((code) => !departments.has(code))).toEqual([]);
});

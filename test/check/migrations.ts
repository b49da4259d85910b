/**
 * Migrations: `drizzle-kit generate`, run on a copy of `drizzle/`, has nothing to add, so the tables that the sources
 * declare are the tables that a database gets. drizzle-kit ends with 0 whatever happens: what it prints and what it leaves
 * in the folder decide. The working tree is not touched.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Findings } from './report.ts';
import { filesBelow, report, root } from './report.ts';
import { runTool } from './tools.ts';

/** Checks the project in a folder. */
export function checkMigrations(folder: string): Findings {
  const kept = join(folder, 'drizzle');
  const temporary = mkdtempSync(join(tmpdir(), 'hub-check-'));
  try {
    const copy = join(temporary, 'drizzle');
    cpSync(kept, copy, { recursive: true });
    const before = textsOf(copy);
    const config = join(temporary, 'drizzle.config.ts');
    // The project's own configuration, but for the folder; drizzle-kit takes that one relative to where it runs.
    writeFileSync(config, `import own from ${JSON.stringify(pathToFileURL(join(folder, 'drizzle.config.ts')).href)};\nexport default { ...own, out: ${JSON.stringify(relative(folder, copy))} };\n`);
    const ran = runTool(folder, 'drizzle-kit', ['generate', '--config', config]);
    const tables = Number(/^(\d+) tables$/m.exec(ran.output)?.[1] ?? 0);
    const differences = differencesOf(before, textsOf(copy));
    const clean = ran.code === 0 && /No schema changes/.test(ran.output);
    const failed = clean || differences.length > 0 ? [] : [`drizzle-kit did not get to its end:\n    ${ran.lines.slice(-8).join('\n    ')}`];
    return { checked: { tables, migrations: sqlOf(before).length }, problems: [...failed, ...differences, ...journalGaps(before)] };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

type Texts = ReadonlyMap<string, string>;

function textsOf(folder: string): Texts {
  return new Map(filesBelow(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

function sqlOf(texts: Texts): string[] {
  return [...texts.keys()].filter((file) => file.endsWith('.sql'));
}

function differencesOf(before: Texts, after: Texts): string[] {
  return [...after].filter(([file, text]) => before.get(file) !== text && file.endsWith('.sql')).map(([file, text]) =>
    `the sources declare what no migration makes; run drizzle-kit generate. It would write ${file.replace(/_.*/, '')}:\n    ${text.trim().split('\n').slice(0, 6).join('\n    ')}`);
}

/** A migration that the journal does not name never runs; one that it names and that is not there stops the start. */
function journalGaps(texts: Texts): string[] {
  const { entries = [] } = JSON.parse(texts.get('meta/_journal.json') ?? '{}') as { entries?: readonly { tag: string }[] };
  const named = new Set(entries.map(({ tag }) => `${tag}.sql`));
  return [
    ...sqlOf(texts).filter((file) => !named.has(file)).map((file) => `drizzle/${file}: the journal does not name it, so it never runs`),
    ...[...named].filter((file) => !texts.has(file)).map((file) => `drizzle/${file}: the journal names it but it is not there`),
  ];
}

if (import.meta.main) report('migrations', checkMigrations(root));

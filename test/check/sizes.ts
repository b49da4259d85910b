/**
 * Files as files: none over 400 lines (the linter says so of TypeScript; here it is every file that people write, the
 * contract's too), and none that names a place of one machine or the address of a package registry.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Findings } from './report.ts';
import { filesBelow, linesOf, report, root } from './report.ts';

const most = 400;

/** What people write and read. */
const written = /\.(?:[cm]?[jt]sx?|graphql|sql|md|css|html|sh|ya?ml)$|^\.ci\/|^\.oxlintrc\.json$|^package\.json$/;

/** What a tool generates: drizzle-kit's migrations hold a statement for every column. */
const generated = /^drizzle\//;

/** What holds no text. */
const binary = /\.(?:png|jpe?g|gif|ico|webp|woff2?|gz|tgz|zip|br|tar|wasm|db)$/;

/** Folders that mean something on one machine only. Written so that this file does not match itself. */
const machinePath = /(?<![\w.~}-])\/(?:work|root|tmp|home|Users|mnt)\/|(?<!\w)[A-Z]:\\/;

/** Addresses of package registries and their mirrors; a lock file with them ties the install to one network. */
const registryAddress = /https?:\/\/[\w.-]*(?:registry|npmjs|npmmirror|artifactory|nexus|verdaccio)[\w.-]*|^\s*(?:@[\w-]+:)?registry\s*=/;

/** Checks the project in a folder. */
export function checkSizes(folder: string): Findings {
  const files = filesBelow(folder).filter((file) => !binary.test(file) && !file.endsWith('.log'));
  const measured = files.filter((file) => written.test(file) && !generated.test(file));
  const contract = measured.filter((file) => /^schema\/.*\.graphql$/.test(file));
  const long = measured.flatMap((file) => {
    const { length } = linesOf(folder, file);
    return length > most ? [`${file}: ${length} lines; split it at ${most}`] : [];
  });
  const tied = files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    if (!machinePath.test(text) && !registryAddress.test(text)) return [];
    return text.split('\n').flatMap((line, i) => [
      ...(machinePath.test(line) ? [`${file}:${i + 1}: names a place of one machine: ${machinePath.exec(line)?.[0]}`] : []),
      ...(registryAddress.test(line) ? [`${file}:${i + 1}: names a package registry`] : []),
    ]);
  });
  return { checked: { 'files measured': measured.length, 'contract files among them': contract.length, 'files read': files.length }, problems: [...long, ...tied] };
}

if (import.meta.main) report('sizes', checkSizes(root));

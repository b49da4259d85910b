/**
 * Builds the console into `dist/console/`, where the server finds it: `node src/console/build.ts`. Does nothing when what went
 * into the last build is what is here now, so that `npm start` may call it every time. Every file gets its compressed copies
 * beside it, which the server sends as they are.
 *
 * Where the tools to build with are not installed (`npm ci --omit=dev`), a build that is there is kept, and it is said.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, gzipSync } from 'node:zlib';

const here = import.meta.dirname;
const project = join(here, '../..');

/** Where the built console lies. */
export const builtFolder = join(project, 'dist', 'console');

/** What the first page may weigh, in bytes as sent with gzip. */
export const firstLoadLimit = 400_000;

const digestFile = join(builtFolder, '.inputs');

/** Every file that a build is made of. */
function inputs(): string[] {
  const below = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)).filter((file) => statSync(file).isFile());
  const own = below(here).filter((file) => !relative(here, file).startsWith(`generated${sep}`));
  return [...own, ...below(join(project, 'schema')), join(project, 'src/graphql/generate.ts'), join(project, 'package-lock.json')].sort();
}

function digestOfInputs(): string {
  const digest = createHash('sha256');
  for (const file of inputs()) digest.update(`${relative(project, file)}\0`).update(readFileSync(file)).update('\0');
  return digest.digest('hex');
}

const isBuilt = (digest: string): boolean => existsSync(digestFile) && readFileSync(digestFile, 'utf8') === digest;

/** Builds if need be; two processes that want it at once build once. */
export async function buildConsole(tell: (line: string) => void = () => undefined): Promise<void> {
  const digest = digestOfInputs();
  if (isBuilt(digest)) return;
  const leave = await enter(join(project, 'dist', 'console.lock'));
  try {
    if (isBuilt(digest)) return;
    await makeBuild(digest, tell);
  } finally {
    leave();
  }
}

async function makeBuild(digest: string, tell: (line: string) => void): Promise<void> {
  const tools = await Promise.all([import('vite'), import('./codegen.ts'), import('./vite.config.ts')]).catch((error: unknown) => {
    if (!existsSync(join(builtFolder, 'index.html'))) throw error;
    return null;
  });
  if (tools === null) {
    tell('the console is served as it was built: the tools to build it anew are not installed (npm ci brings them)');
    return;
  }
  const [{ build }, { generateTypes }, { default: config }] = tools;
  const started = performance.now();
  await generateTypes();
  const fresh = `${builtFolder}.new`;
  await inProduction(() => build({ ...config, configFile: false, logLevel: 'warn', mode: 'production', build: { ...config.build, outDir: fresh } }));
  const files = await compressAll(fresh);
  writeFileSync(join(fresh, '.inputs'), digest);
  rmSync(builtFolder, { recursive: true, force: true });
  renameSync(fresh, builtFolder);
  tell(`built the console: ${files} files in ${((performance.now() - started) / 1000).toFixed(1)} s; its first page is ${(firstLoad() / 1000).toFixed(0)} kB with gzip, of ${firstLoadLimit / 1000} kB`);
}

/** Vite takes NODE_ENV for what it is, as the tests set it; what is built is never for development. */
async function inProduction(work: () => Promise<unknown>): Promise<void> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

const packed = { br: (text: Buffer) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }), gz: (text: Buffer) => promisify(gzip)(text, { level: 9 }) };

async function compressAll(folder: string): Promise<number> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(?:js|css|html|svg|json)$/.test(file) && !file.startsWith('.vite'));
  await Promise.all(files.map(async (file) => {
    const text = readFileSync(join(folder, file));
    if (text.length < 1024) return;
    for (const [ending, pack] of Object.entries(packed)) writeFileSync(join(folder, `${file}.${ending}`), await pack(text));
  }));
  return files.length;
}

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

/** Bytes with gzip of what a browser loads before the sign-in page stands: the page, its script with all that it imports at once, and their styles. */
export function firstLoad(): number {
  const chunks = JSON.parse(readFileSync(join(builtFolder, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;
  const wanted = new Set<string>(['index.html']);
  const visit = (name: string): void => {
    const chunk = chunks[name];
    if (chunk === undefined || wanted.has(chunk.file)) return;
    wanted.add(chunk.file);
    chunk.css?.forEach((file) => wanted.add(file));
    chunk.imports?.forEach(visit);
  };
  Object.entries(chunks).filter(([, { isEntry }]) => isEntry).forEach(([name]) => visit(name));
  return [...wanted].reduce((sum, file) => sum + gzipSync(readFileSync(join(builtFolder, file)), { level: 9 }).length, 0);
}

/** Waits for whoever builds now; a lock that is older than any build takes belongs to a process that died. */
async function enter(lock: string): Promise<() => void> {
  mkdirSync(join(lock, '..'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      return () => rmSync(lock, { recursive: true, force: true });
    } catch {
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 180_000) rmSync(lock, { recursive: true, force: true });
      await sleep(200);
    }
  }
}

if (import.meta.main) await buildConsole((line) => process.stdout.write(`${line}\n`));

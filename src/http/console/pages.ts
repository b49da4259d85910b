/**
 * The console's files: one page, whatever room it is for, and what it loads. Built by Vite into a folder with each file compressed
 * beside it; only files that lie there when it is looked at are given out, by their exact name, so no address leads elsewhere.
 * The page of a room that is entered names the room's own files, so that a browser fetches them beside the application's.
 *
 * Nothing runs in the page but what lies here: no script in the page itself, nothing from another site, no frame around it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HubError } from '../../errors.ts';

/** What the page may do. Styles stand in the page because antd writes them there. */
export const pagePolicy = [
  "default-src 'self'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self' data:", "connect-src 'self'", "worker-src 'self'",
  "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'content-security-policy': pagePolicy,
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'cache-control': 'no-store',
} as const;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.webp': 'image/webp', '.woff2': 'font/woff2', '.woff': 'font/woff', '.ttf': 'font/ttf', '.wasm': 'application/wasm', '.txt': 'text/plain; charset=utf-8', '.webmanifest': 'application/manifest+json',
};

/** Compressed forms, the best first. */
const encodings = [['br', '.br'], ['gzip', '.gz']] as const;

interface Built {
  /** When it was built. */
  readonly at: number;
  readonly page: string;
  /** Every file below the folder, by its address. */
  readonly files: ReadonlySet<string>;
  /** What each room loads beside the page's own, as links of the page, after its name. */
  readonly links: ReadonlyMap<string, string>;
}

/** A chunk of Vite's manifest, as far as it is read here. */
interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

/** Links to what each room imports at once. */
function linksOf(folder: string, page: string): ReadonlyMap<string, string> {
  const manifest = join(folder, '.vite/manifest.json');
  const chunks = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) as Readonly<Record<string, Chunk>> : {};
  return new Map(Object.keys(chunks).flatMap((name) => {
    const room = /^rooms\/([\w-]+)\/index\.tsx$/.exec(name)?.[1];
    if (room === undefined) return [];
    const [scripts, styles] = [new Set<string>(), new Set<string>()];
    const visit = (own: string): void => {
      const { file, imports = [], css = [] } = chunks[own] as Chunk;
      // The page itself loads it already.
      if (scripts.has(file) || page.includes(`"/${file}"`)) return;
      scripts.add(file);
      css.forEach((one) => styles.add(one));
      imports.forEach(visit);
    };
    visit(name);
    return [[room, [`<meta name="hub-room" content="${room}">`, ...[...scripts].map((file) => `<link rel="modulepreload" crossorigin href="/${file}">`), ...[...styles].map((file) => `<link rel="stylesheet" crossorigin href="/${file}">`)].join('')]];
  }));
}

/** See the head of this file. */
export class Pages {
  readonly #folder: string;
  #built: Built | null = null;

  /** `folder`: what was built; it may come later. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Answers with the page and a status, to a browser that is on https or not, where a room is entered with what it loads; with 503 and how to build it where it is not built. */
  page(reply: FastifyReply, status: number, secure: boolean, room: string | null = null): FastifyReply {
    const built = this.#look();
    if (built === null) throw new HubError('UNAVAILABLE', 'The console is not built here. Whoever runs the hub builds it with `npm run build:console`, and `npm start` does it by itself; the API at /graphql is there without it.');
    if (secure) void reply.header('strict-transport-security', 'max-age=31536000');
    return reply.headers(pageHeaders).code(status).type('text/html; charset=utf-8').send(built.page.replace('</head>', `${built.links.get(room ?? '') ?? ''}</head>`));
  }

  /** Answers with a file, or says that there is none of that name. */
  async file(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const files = this.#look()?.files;
    const path = request.url.split('?')[0] as string;
    const type = types[extname(path)];
    if (files === undefined || type === undefined || path === '/index.html' || !files.has(path)) return noFile(reply);
    const accepted = (request.headers['accept-encoding'] ?? '').split(',').map((one) => one.trim()).filter((one) => !/;\s*q=0(\.0*)?$/.test(one)).map((one) => one.split(';')[0]);
    const [encoding, suffix] = encodings.find(([name, end]) => accepted.includes(name) && files.has(`${path}${end}`)) ?? ['', ''];
    const content = await readFile(join(this.#folder, `${path}${suffix}`)).catch(() => null);
    // It was built anew at this moment.
    if (content === null) return noFile(reply);
    if (encoding !== '') void reply.header('content-encoding', encoding);
    // What lies in assets/ has a digest of its content in its name.
    return reply.header('vary', 'accept-encoding').header('cache-control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache').type(type).send(content);
  }

  /** What is built now. Looked at with each page, which is seldom: it may be built while the hub runs. */
  #look(): Built | null {
    const index = join(this.#folder, 'index.html');
    const at = statSync(index, { throwIfNoEntry: false })?.mtimeMs;
    if (at === undefined) return null;
    if (this.#built?.at === at) return this.#built;
    const files = readdirSync(this.#folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const page = readFileSync(index, 'utf8');
    this.#built = { at, page, links: linksOf(this.#folder, page), files: new Set(files.map(({ parentPath, name }) => join(parentPath, name).slice(join(this.#folder, '.').length).replaceAll('\\', '/'))) };
    return this.#built;
  }
}

function noFile(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ errors: [{ message: 'There is no such file. Load the page again: it may have been built anew.', extensions: { code: 'BAD_INPUT' } }] });
}

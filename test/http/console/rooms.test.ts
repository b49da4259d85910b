/**
 * Rooms of the console by address: whose they are hears 200, whose they are not 403, nobody 401, and no room has all its doors shut. And
 * the files: what was built, in the form that a browser takes, and nothing else.
 */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hangDoors, knock } from '../../../src/graphql/doors.ts';
import { mayEnter, rooms } from '../../../src/http/console/rooms.ts';
import { roles } from '../../../src/sharing/terms.ts';
import type { Administrator } from '../../../src/sharing/terms.ts';
import { Browser, cheapCost, signedIn } from '../../world/console.ts';
import { servedHub } from '../../world/served.ts';
import type { ServedHub } from '../../world/served.ts';

const folder = mkdtempSync(join(tmpdir(), 'hub-console-'));
let served: ServedHub;
beforeAll(async () => { served = await servedHub({}, { now: () => new Date(), passwordCost: cheapCost, consoleFolder: folder }); });
afterAll(async () => {
  await served?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('before it is built', () => {
  test('the console says how to build it, and the rest of the hub is there', async () => {
    const browser = new Browser(served.url);
    for (const path of ['/', '/me', '/nowhere']) expect(await browser.visit(path)).toMatchObject({ status: 503, code: 'UNAVAILABLE', json: { errors: [{ message: expect.stringContaining('npm run build:console') as unknown }] } });
    expect(await browser.send('GET', '/assets/app-1.js')).toMatchObject({ status: 404 });
    expect(await browser.send('GET', '/health')).toMatchObject({ status: 200 });
  });
});

describe('once it is built', () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'assets', 'app-1.js'), 'let page;');
    writeFileSync(join(folder, 'assets', 'app-1.js.gz'), gzipSync('let page;'));
    writeFileSync(join(folder, 'assets', 'app-1.js.br'), 'as if it were brotli');
    writeFileSync(join(folder, 'assets', 'small-1.css'), 'a{}');
    writeFileSync(join(folder, 'secret.ts'), 'a source');
    writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  });

  test('every room is entered by whom it is for, by address, and by nobody else', async () => {
    const expected: Record<string, readonly string[]> = {
      system: ['catalog', 'sync', 'matters', 'evaluation', 'map', 'query', 'accounts', 'me'],
      security: ['permissions', 'catalog', 'applications', 'view-as', 'matters', 'evaluation', 'map', 'query', 'me'],
      auditor: ['catalog', 'applications', 'matters', 'audit', 'evaluation', 'map', 'query', 'accounts', 'me'],
      steward: ['permissions', 'catalog', 'applications', 'view-as', 'sync', 'matters', 'evaluation', 'map', 'query', 'me'],
    };
    for (const name of ['system', 'security', 'auditor', 'steward', 'civilSteward'] as const) {
      const browser = await signedIn(served, name);
      const own = expected[name === 'civilSteward' ? 'steward' : name] ?? [];
      expect((await browser.send('GET', '/session')).json).toMatchObject({ rooms: own });
      for (const { path } of rooms) {
        for (const address of [`/${path}`, `/${path}/anything/in/it?tab=1`]) {
          const { status, headers, text } = await browser.visit(address);
          expect([name, address, status]).toEqual([name, address, own.includes(path) ? 200 : 403]);
          expect([headers.get('content-type'), headers.get('cache-control'), text]).toEqual(['text/html; charset=utf-8', 'no-store', '<!doctype html><title>page</title>']);
        }
      }
      expect((await browser.visit('/')).status).toBe(200);
    }
  });

  test('the page of a room that is entered names the room and what it loads; no other page does', async () => {
    const [page, entry, room] = ['<!doctype html><head><script src="/assets/app-1.js"></script></head>', 'index.html', 'rooms/me/index.tsx'];
    mkdirSync(join(folder, '.vite'));
    writeFileSync(join(folder, '.vite', 'manifest.json'), JSON.stringify({
      [entry]: { file: 'assets/app-1.js', isEntry: true, dynamicImports: [room] }, _table: { file: 'assets/table-1.js', imports: [entry], css: ['assets/table-1.css'] },
      [room]: { file: 'assets/me-1.js', imports: [entry, '_table'] }, 'rooms/audit/index.tsx': { file: 'assets/audit-1.js' },
    }));
    writeFileSync(join(folder, 'index.html'), page);
    const at = new Date(Date.now() + 5000);
    utimesSync(join(folder, 'index.html'), at, at);
    const browser = await signedIn(served, 'security');
    const links = '<meta name="hub-room" content="me"><link rel="modulepreload" crossorigin href="/assets/me-1.js"><link rel="modulepreload" crossorigin href="/assets/table-1.js"><link rel="stylesheet" crossorigin href="/assets/table-1.css">';
    expect((await browser.visit('/me')).text).toBe(page.replace('</head>', `${links}</head>`));
    for (const path of ['/', '/audit', '/nowhere', '/catalog']) expect([path, (await browser.visit(path)).text]).toEqual([path, page]);
    expect((await new Browser(served.url).visit('/me')).text).toBe(page);
    rmSync(join(folder, '.vite'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  });

  test('nobody is shown the page to sign in: 401 in a room, 404 elsewhere; programs hear it in JSON', async () => {
    const browser = new Browser(served.url);
    for (const { path } of rooms) expect([path, (await browser.visit(`/${path}`)).status]).toEqual([path, 401]);
    expect((await browser.visit('/')).status).toBe(200);
    expect(await browser.visit('/permission')).toMatchObject({ status: 404, text: '<!doctype html><title>page</title>' });
    expect(await browser.send('GET', '/permission', undefined, { accept: 'application/json' })).toMatchObject({ status: 404, code: 'BAD_INPUT' });
    expect(await browser.send('POST', '/permissions', {})).toMatchObject({ status: 404, code: 'BAD_INPUT' });
  });

  test('no room lets somebody in before whom every door is shut', async () => {
    const doors = hangDoors(served.hub.schema.schema, (root) => served.hub.schema.contract.lookups.has(root));
    for (const role of roles) {
      for (const ofAuthority of [true, false]) {
        const caller: Administrator = { kind: 'administrator', code: 'x', name: 'x', role, department: 'x', departmentName: 'x', ofAuthority };
        for (const room of rooms.filter((one) => mayEnter(one, caller))) {
          const opened = await Promise.all(room.asks.map((at) => knock(doors, at, { caller }).then(() => true, () => false)));
          expect([role, ofAuthority, room.path, opened.includes(true)]).toEqual([role, ofAuthority, room.path, true]);
        }
      }
    }
  });

  test('the page runs nothing but what lies here, and no other site frames it', async () => {
    const { headers } = await new Browser(served.url).visit('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.split(';').filter((part) => part.includes('script')).join()).not.toMatch(/unsafe|\*|http/);
    expect([headers.get('x-content-type-options'), headers.get('cross-origin-opener-policy'), headers.get('referrer-policy')]).toEqual(['nosniff', 'same-origin', 'same-origin']);
  });

  test('a file comes as the browser takes it, to be kept for good', async () => {
    const get = (path: string, accepted: string | undefined): Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }> => new Promise((resolve, reject) => {
      request(`${served.url}${path}`, { headers: accepted === undefined ? {} : { 'accept-encoding': accepted } }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) })).on('error', reject);
      }).on('error', reject).end();
    });
    const plain = await get('/assets/app-1.js', undefined);
    expect([plain.status, plain.headers['content-encoding'], plain.headers['content-type'], plain.headers['cache-control'], plain.headers['vary'], plain.body.toString()]).toEqual([200, undefined, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable', 'accept-encoding', 'let page;']);
    const zipped = await get('/assets/app-1.js?v=1', 'gzip, deflate');
    expect([zipped.headers['content-encoding'], gunzipSync(zipped.body).toString()]).toEqual(['gzip', 'let page;']);
    const best = await get('/assets/app-1.js', 'gzip;q=0.8, br;q=1');
    expect([best.headers['content-encoding'], best.body.toString()]).toEqual(['br', 'as if it were brotli']);
    expect((await get('/assets/app-1.js', 'br;q=0, gzip;q=0')).headers['content-encoding']).toBe(undefined);
    expect((await get('/assets/small-1.css', 'br, gzip')).headers['content-encoding']).toBe(undefined);
    expect((await get('/favicon.svg', undefined)).headers['content-type']).toBe('image/svg+xml');
  });

  test('no address leads to what is no file of the console', async () => {
    const browser = new Browser(served.url);
    for (const path of ['/assets/nothing.js', '/assets/', '/assets/../index.html', '/assets/..%2findex.html', '/assets/%2e%2e/%2e%2e/package.json', '/assets/..%5c..%5cpackage.json', '/assets/app-1.js.gz', '/assets//app-1.js', '/secret.ts', '/index.html']) {
      expect([path, (await browser.send('GET', path, undefined, { accept: '*/*' })).status]).toEqual([path, 404]);
    }
  });
});

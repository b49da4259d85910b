/**
 * A stand-in for the hub's `/session` and its static files, in front of a real hub's `/graphql`: signs in whoever has a key in the
 * tests' world, by the name in test/world/callers.ts. It answers with the headers that the hub answers with.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { builtFolder } from '../../src/console/build.ts';
import type { Session } from '../../src/console/api/session.ts';
import { administrators, keyOf } from '../world/callers.ts';
import type { AdministratorName } from '../world/callers.ts';

/** What one signs in with here. */
export const password = 'correct horse battery staple';
export const oneTimePassword = 'one-time-4711';
export const code = '123456';

const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const everywhere = ['query', 'map', 'matters', 'evaluation', 'catalog', 'me'];
const roomsOf: Readonly<Record<string, readonly string[]>> = {
  SYSTEM: ['sync', 'accounts', ...everywhere],
  SECURITY: ['permissions', 'applications', 'view-as', ...everywhere],
  AUDIT: ['audit', 'applications', 'accounts', ...everywhere],
  STEWARD: ['permissions', 'applications', 'view-as', 'sync', ...everywhere],
};

/** Starts it; answers its address. */
export async function startDouble(hub: string, names: Readonly<Record<string, string>> = {}): Promise<{ readonly url: string; close(): Promise<void> }> {
  const sessions = new Map<string, Session>();
  const codes = new Set<string>();
  const passwords = new Map<string, string>();
  const send = (response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }).end(body === null ? '' : JSON.stringify(body));
  };
  const refuse = (response: ServerResponse, status: number, errorCode: string, more = {}): void => send(response, status, { errors: [{ message: `Refused: ${errorCode}.`, extensions: { code: errorCode, ...more } }] });
  const idOf = (request: IncomingMessage): string => /hub-session=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';

  const onSession = (request: IncomingMessage, response: ServerResponse, given: Readonly<Record<string, string>>): void => {
    const id = idOf(request);
    const session = sessions.get(id);
    const call = `${request.method} ${request.url?.slice(8)}`;
    if (request.method !== 'GET' && request.headers['hub-console'] !== '1') return refuse(response, 403, 'FORBIDDEN');
    if (call === 'POST ') {
      const name = given['account'] as AdministratorName;
      if (name in administrators === false || given['password'] !== (passwords.get(name) ?? password) && given['password'] !== oneTimePassword) return refuse(response, 401, 'SIGN_IN_REFUSED');
      if (codes.has(name) && given['code'] === undefined) return refuse(response, 401, 'CODE_REQUIRED');
      const { role, department } = administrators[name];
      const fresh = Math.random().toString(36).slice(2);
      sessions.set(fresh, {
        account: name, administrator: `test-${name}`, name: `测试管理员 ${name}`, role, departmentCode: department, departmentName: names[department] ?? department, authority: department === '620623-ZS',
        rooms: roomsOf[role] ?? [], mustChangePassword: given['password'] === oneTimePassword, locked: false, idleMinutes: 30, hasCode: codes.has(name),
      });
      return send(response, 200, sessions.get(fresh), { 'set-cookie': `hub-session=${fresh}; HttpOnly; SameSite=Strict; Path=/` });
    }
    if (session === undefined) return send(response, 401, { signIn: { password: true, oidc: { name: '省统一身份认证' } } });
    if (call === 'GET ') return send(response, 200, session);
    if (call === 'DELETE ') sessions.delete(id);
    else if (call === 'POST /lock') sessions.set(id, { ...session, locked: true });
    else if (call === 'POST /unlock') {
      if (given['password'] !== password) return refuse(response, 401, 'SIGN_IN_REFUSED');
      sessions.set(id, { ...session, locked: false });
    } else if (call === 'POST /password') {
      passwords.set(session.account, given['next'] ?? '');
      sessions.set(id, { ...session, mustChangePassword: false });
    } else if (call === 'POST /code') {
      if (given['code'] === undefined) return send(response, 200, { uri: 'otpauth://totp/hub:test?secret=JBSWY3DPEHPK3PXP&issuer=hub', secret: 'JBSWY3DPEHPK3PXP' });
      if (given['code'] !== code) return refuse(response, 401, 'CODE_REFUSED');
      codes.add(session.account);
      sessions.set(id, { ...session, hasCode: true });
    } else if (call === 'DELETE /code') {
      codes.delete(session.account);
      sessions.set(id, { ...session, hasCode: false });
    }
    return send(response, 200, sessions.get(id) ?? {});
  };

  const onFile = (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const file = join(builtFolder, path);
    const asset = path.startsWith('/assets/') && existsSync(file);
    const room = path.split('/')[1] ?? '';
    const session = sessions.get(idOf(request));
    const status = asset || room === '' ? 200 : session === undefined ? 401 : session.rooms.includes(room) ? 200 : 403;
    response.writeHead(status, { 'content-type': asset ? types[extname(file)] ?? 'application/octet-stream' : 'text/html; charset=utf-8', 'content-security-policy': policy, 'cache-control': 'no-store' });
    response.end(readFileSync(asset ? file : join(builtFolder, 'index.html')));
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void answer(request, response, Buffer.concat(chunks).toString()));
  });
  const answer = async (request: IncomingMessage, response: ServerResponse, text: string): Promise<void> => {
    if (request.url?.startsWith('/session')) return onSession(request, response, text === '' ? {} : JSON.parse(text) as Record<string, string>);
    if (!request.url?.startsWith('/graphql')) return onFile(request, response);
    const session = sessions.get(idOf(request));
    if (session === undefined) return refuse(response, 401, 'UNAUTHENTICATED');
    const answered = await fetch(`${hub}/graphql`, { method: 'POST', body: text, headers: { 'content-type': 'application/json', 'accept': request.headers.accept ?? '*/*', 'authorization': `Bearer ${keyOf(session.account as AdministratorName)}` } });
    response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? '', 'hub-request-id': answered.headers.get('hub-request-id') ?? '' });
    response.end(await answered.text());
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  }) };
}

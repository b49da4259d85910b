/**
 * Signing in at the issuer, as the browser goes: `/session/oidc` sends it there, `/session/oidc/callback` takes it back and begins the
 * session of the administrator who is linked to that login.
 *
 * What the browser has to bring back is sealed in a cookie of its own for ten minutes, so any process of the hub can take it and nobody
 * can be made to finish what another browser began. It comes back to a page that leads on by itself: the session's cookie is not sent
 * along where another site has led.
 */
import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { HubError } from '../../errors.ts';
import { prices } from '../../graphql/budget.ts';
import { flowRefused } from '../../identity/code-flow.ts';
import type { CodeFlow, Pending } from '../../identity/code-flow.ts';
import type { KeyProvider } from '../../identity/key-provider.ts';
import { subjectCode } from '../../identity/token-subject.ts';
import type { Caller } from '../../sharing/terms.ts';
import type { Admission } from '../admission.ts';
import { beginSession, expected } from './sessions.ts';
import type { SessionDesk } from './sessions.ts';

/** What these addresses take of the hub, beside what signing in takes. */
export interface IssuerDesk extends SessionDesk {
  readonly flow: CodeFlow;
  readonly keys: Pick<KeyProvider, 'seal' | 'unseal'>;
  /** Where the hub is reached from outside: the issuer sends browsers back there and nowhere else. */
  readonly publicUrl: () => string;
  /** Who is linked to a subject of the issuer's. */
  readonly linked: (issuer: string, subject: string) => Caller;
  readonly now: () => Date;
}

/** Seconds for which a sign-in at the issuer may take. */
const patience = 600;
const sealedAs = 'sign-in at the issuer';
const kept = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), back: z.string(), at: z.number() });
type Kept = Pending & { readonly back: string; readonly at: number };

/** Puts the addresses up. */
export function serveIssuer(app: FastifyInstance, admission: Admission, desk: IssuerDesk): void {
  const { gate, flow, keys } = desk;
  const callback = (): string => `${desk.publicUrl()}/session/oidc/callback`;

  app.get<{ Querystring: { return?: string; here?: string } }>('/session/oidc', { onRequest: admission.hook(prices.token) }, onPage(async (request, reply) => {
    const query = request.query as { return?: unknown; here?: unknown };
    const back = ownPath(query.return);
    // The cookie has to be where the issuer sends the browser; once, as behind a proxy every host may look like another.
    if (new URL(desk.publicUrl()).host !== request.host && query.here === undefined) return reply.redirect(`${desk.publicUrl()}/session/oidc?here=1&return=${encodeURIComponent(back)}`, 302);
    const now = desk.now();
    const { url, pending } = await flow.begin(callback(), now);
    gate.setCookie(request, reply, 'oidc', keys.seal(JSON.stringify({ ...pending, back, at: now.getTime() } satisfies Kept), sealedAs), { sameSite: 'Lax', maxAge: patience });
    return reply.redirect(url, 302);
  }));

  app.get('/session/oidc/callback', { onRequest: admission.hook(prices.password, 'any') }, onPage(async (request, reply) => {
    const sealed = gate.cookie(request, 'oidc');
    gate.setCookie(request, reply, 'oidc', '', { sameSite: 'Lax', maxAge: 0 });
    const pending = pendingIn(sealed === null ? null : keys.unseal(sealed, sealedAs), desk.now().getTime());
    const { issuer } = flow;
    try {
      const subject = await flow.finish(pending, returnedIn(request.query), callback(), desk.now());
      const caller = desk.linked(issuer, subject);
      if (caller.kind !== 'administrator') throw flowRefused('NOT_REGISTERED');
      await desk.record.done(caller.code, 'sign in at issuer');
      await beginSession(request, reply, desk, { administrator: caller.code, tokenSubject: subjectCode(issuer, subject) });
    } catch (error) {
      if (error instanceof HubError) desk.record.refused(error.code, null, false);
      throw error;
    }
    return page(reply, 200, { leadsTo: pending.back, zh: '已登录，正在进入管理控制台…', en: 'Signed in. The console opens.' });
  }));
}

function returnedIn(query: unknown): Record<'code' | 'state' | 'iss' | 'error', string | undefined> {
  const given = query as Record<string, unknown>;
  const text = (name: string): string | undefined => (typeof given[name] === 'string' ? given[name].slice(0, 4000) : undefined);
  return { code: text('code'), state: text('state'), iss: text('iss'), error: text('error') };
}

function pendingIn(opened: string | null, now: number): Kept {
  const read = opened === null ? null : kept.safeParse(JSON.parse(opened));
  if (read?.success !== true || now - read.data.at > patience * 1000) throw flowRefused('STATE');
  return read.data;
}

/** An address of the console; whatever could lead elsewhere leads to its beginning. */
export function ownPath(given: unknown): string {
  if (typeof given !== 'string' || given.length > 1000 || !/^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(given)) return '/';
  const here = 'http://here.invalid';
  const url = URL.canParse(given, here) ? new URL(given, here) : null;
  if (url === null || url.origin !== here || url.pathname.startsWith('//') || url.pathname.startsWith('/session')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}

/** Refusals by their reason, else their code. */
const chinese: Readonly<Record<string, string>> = {
  STATE: '本次登录不是在此浏览器发起的，或已超时。请重新登录。',
  REFUSED: '统一身份认证未予登录。请重试，或联系其管理单位。',
  TOKEN: '统一身份认证返回的结果不可信。请重试；系统管理员可在日志中查看原因。',
  NOT_REGISTERED: '统一身份认证已通过，但该身份未绑定本中枢的管理员。请由系统管理员绑定（linkToken）。',
  UNAVAILABLE: '统一身份认证暂时无法访问。请用账户和密码登录，或稍后再试。',
  RATE_LIMITED: '请求过于频繁。请稍后再试。',
  AUDIT_UNAVAILABLE: '审计暂时无法记录，不能登录。请稍后再试。',
};

function inChinese({ code, details }: HubError): string {
  return chinese[String(details['reason'])] ?? chinese[code] ?? `错误代码 ${code}。`;
}

/** Answers refusals as a page: it is a person who comes to these addresses. */
function onPage(work: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    try {
      return await work(request, reply);
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      expected(request, error.code);
      return page(reply, error.status, { leadsTo: null, zh: `未能登录：${inChinese(error)}`, en: error.message });
    }
  };
}

const style = 'body{font:18px/1.6 system-ui,sans-serif;max-width:34em;margin:3em auto;padding:0 1em;color:#1a1a1a}a{color:#0b57a4}';
const pagePolicy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

function page(reply: FastifyReply, status: number, { leadsTo, zh, en }: { readonly leadsTo: string | null; readonly zh: string; readonly en: string }): FastifyReply {
  const to = escaped(leadsTo ?? '/');
  return reply.code(status).type('text/html; charset=utf-8').header('content-security-policy', pagePolicy).send(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">${leadsTo === null ? '' : `<meta http-equiv="refresh" content="0;url=${to}">`}<title>登录 · Sign in</title><style>${style}</style></head>
<body><p><strong>${zh}</strong><br><span lang="en">${escaped(en)}</span></p><p><a href="${to}">管理控制台 · The console</a></p></body></html>
`);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('\'', '&#39;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

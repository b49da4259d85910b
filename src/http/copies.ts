/**
 * Annotated copies over HTTP: the file and its signature for whom a copy was made out to, and for anybody the page that a copy's QR code
 * leads to. The page is one small text in two languages, without scripts or anything from elsewhere, and says what `verifyCertificate` says.
 */
import { hash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Scope } from '../audit/record.ts';
import type { ScopeFacts } from '../audit/record.ts';
import type { Audit } from '../audit/writer.ts';
import type { Checked, Checks, Verdict } from '../certificates/check.ts';
import { signatureOf, takeCopy } from '../certificates/copy.ts';
import type { CopyParts } from '../certificates/copy.ts';
import { HubError } from '../errors.ts';
import type { HubContext } from '../graphql/context.ts';
import type { Consumer } from '../sharing/terms.ts';
import { admitted, strange } from './admission.ts';
import type { Admission } from './admission.ts';

/** What these addresses take of the hub. */
export interface CopyDesk {
  readonly sql: CopyParts['sql'];
  readonly within: CopyParts['within'];
  readonly checks: Checks;
}

/** What a check on the page costs its address, as `verifyCertificate` does; and what taking a file does. */
const prices = { check: 400, file: 500 } as const;

/** Puts the addresses up. */
export function serveCopies(app: FastifyInstance, admission: Admission, desk: CopyDesk, audit: Pick<Audit, 'write'> | undefined): void {
  app.get<{ Params: { file: string } }>('/copies/:file', { onRequest: admission.hook(prices.file) }, async (request, reply) => {
    const context = admitted(request);
    const caller = consumerOf(context);
    const [, id = '', wantsSignature] = /^([0-9A-Z]{10})\.pdf(\.sig)?$/.exec(request.params.file) ?? [];
    const taker = { caller, now: context.now };
    if (wantsSignature !== undefined) return reply.type('application/json; charset=utf-8').send(`${JSON.stringify(await signatureOf(desk.sql, id, taker), null, 2)}\n`);
    const { pdf, subjects } = await takeCopy(desk, id, taker);
    // No record, no file.
    await audit?.write(entryOf(context, { kind: 'QUERY', consumer: caller.consumer, department: caller.department, roots: ['GET /copies'] }, { outcome: 'OK', rows: 1, subjects }));
    return reply.type('application/pdf').header('content-disposition', `attachment; filename="${id}.pdf"`).send(pdf);
  });
  app.get<{ Params: { code: string } }>('/c/:code', { onRequest: admission.hook(prices.check) }, async (request, reply) => {
    const context = admitted(request);
    const { caller, today, now } = context;
    const consumer = caller.kind === 'consumer' ? caller : null;
    const checked = await desk.checks.check({ certificateIdentifier: null, code: request.params.code, consumer: consumer?.consumer ?? null, department: consumer?.department ?? null, today, now });
    await audit?.write(entryOf(context, { kind: 'QUERY', ...(consumer === null ? {} : { consumer: consumer.consumer, department: consumer.department }), roots: ['GET /c'] }, { outcome: 'OK', rows: 0, subjects: [] }));
    return reply.type('text/html; charset=utf-8').header('content-security-policy', pagePolicy).send(pageOf(checked, now));
  });
}

function consumerOf({ caller }: HubContext): Consumer {
  if (caller.kind === 'stranger') throw strange();
  if (caller.kind !== 'consumer') throw new HubError('FORBIDDEN', 'The files of copies are given to the applications that they were made out to.');
  return caller;
}

function entryOf({ standing, trace }: HubContext, facts: ScopeFacts, told: { readonly outcome: string; readonly rows: number; readonly subjects: readonly string[] }): Parameters<Audit['write']>[0] {
  return { at: trace.at, request: trace.request, scope: new Scope(facts), operator: '', caseNo: '', variables: '', reason: '', reference: '', policy: standing.version, micros: Math.round((performance.now() - trace.began) * 1000), ...told };
}

const style = 'body{font:18px/1.6 system-ui,sans-serif;max-width:34em;margin:3em auto;padding:0 1em;color:#1a1a1a}h1{font-size:1.5em}.VALID{color:#14612c}.CERTIFICATE_NOT_VALID,.COPY_EXPIRED{color:#8a4b00}.NOT_GENUINE{color:#b3261e}p.small{font-size:.8em;color:#555}';

/** Nothing runs, nothing is loaded, nobody frames it, and its address, which holds the code, is told to nobody. */
const pagePolicy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const words: Readonly<Record<Verdict, readonly [string, string]>> = {
  VALID: ['真实有效：证照有效，加注件未过期。', 'Genuine and valid: the certificate is valid, and the copy has not expired.'],
  CERTIFICATE_NOT_VALID: ['真实，但证照已失效，不得再用。', 'Genuine, but the certificate is not valid any more. Do not rely on it.'],
  COPY_EXPIRED: ['真实，但加注件已过期，不得再用。', 'Genuine, but the copy has expired. Do not rely on it.'],
  NOT_GENUINE: ['不真实：没有这样的加注件，或校验码不符。', 'Not genuine: there is no such copy, or the code does not fit.'],
};

function pageOf({ verdict, since }: Checked, now: string): string {
  const [zh, en] = words[verdict];
  const at = new Date(Date.parse(now) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
  const day = since === null ? '' : `<p>自 ${since} 起无效。<br><span lang="en">Not valid since ${since}.</span></p>`;
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>加注件核验 · Check of an annotated copy</title><style>${style}</style></head>
<body><h1>电子证照加注件核验<br><small lang="en">Check of an annotated copy</small></h1>
<p class="${verdict}"><strong>${zh}</strong><br><span lang="en">${en}</span></p>${day}
<p class="small">核验时刻 ${at}（北京时间）。请核对纸面内容；本页不显示持证主体的任何信息。<br><span lang="en">Checked at ${at}, Beijing time. Compare what the paper says; this page tells nothing of the holder.</span></p></body></html>
`;
}

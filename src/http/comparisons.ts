/**
 * Lists to be compared come in and their results go out as files: `POST /comparisons` (CSV or JSON Lines, streamed) and
 * `GET /comparisons/ID`, by the same keys and purpose headers as every question. What may be compared is said by `verification/`; here
 * only what a file is called over HTTP.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { HubError } from '../errors.ts';
import type { HubContext } from '../graphql/context.ts';
import type { Comparisons } from '../verification/comparison.ts';
import type { FileForm } from '../verification/comparison-file.ts';
import type { Asker } from '../verification/judged.ts';
import { admitted, strange } from './admission.ts';
import type { Admission } from './admission.ts';

/** What an upload and a result weigh in the budget of their sender. */
const weight = 2000;

const csv = ['text/csv'] as const;
const lines = ['application/x-ndjson', 'application/jsonl', 'application/jsonlines'] as const;

/** Adds the two routes, in a scope of their own: no other route takes a body unread. */
export function takeComparisons(app: FastifyInstance, comparisons: Comparisons, admission: Admission): void {
  for (const type of [...csv, ...lines]) app.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  app.post('/comparisons', { onRequest: admission.hook(weight) }, async (request, reply) => {
    const asker = askerOf(admitted(request));
    const form = formOf(request.headers['content-type']);
    if (form === null || !(request.body instanceof Readable)) throw new HubError('BAD_INPUT', `Send the list as the body: ${csv[0]} (with a header) or ${lines[0]}.`);
    const taken = await comparisons.receive(request.body as AsyncIterable<Buffer>, form, asker);
    return reply.code(202).header('location', `/comparisons/${taken.id}`).type('application/json; charset=utf-8').send(JSON.stringify(taken));
  });
  app.get<{ Params: { id: string }; Querystring: { format?: string } }>('/comparisons/:id', { onRequest: admission.hook(weight) }, async (request, reply) => {
    const format = request.query.format === 'jsonl' ? 'lines' : 'csv';
    const result = await comparisons.fetch(request.params.id, format, askerOf(admitted(request)));
    return reply.type(format === 'csv' ? 'text/csv; charset=utf-8' : `${lines[0]}; charset=utf-8`).header('content-disposition', `attachment; filename="comparison.${format === 'csv' ? 'csv' : 'jsonl'}"`).send(Readable.from(result));
  });
}

function askerOf({ caller, standing, purpose, today, now }: HubContext): Asker {
  if (caller.kind === 'stranger') throw strange();
  if (caller.kind !== 'consumer') throw new HubError('FORBIDDEN', 'Lists are compared for departments\' applications.');
  return { caller, standing, purpose, today, now };
}

function formOf(contentType: string | undefined): FileForm | null {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';').map((part) => part.trim());
  const charset = parameters.find((one) => one.startsWith('charset='))?.slice('charset='.length).replaceAll('"', '') ?? 'utf-8';
  const encoding = ['utf-8', 'utf8'].includes(charset) ? 'utf-8' : ['gb18030', 'gbk', 'gb2312'].includes(charset) ? 'gb18030' : null;
  const format = (csv as readonly string[]).includes(type) ? 'csv' : (lines as readonly string[]).includes(type) ? 'lines' : null;
  return encoding === null || format === null ? null : { format, encoding };
}

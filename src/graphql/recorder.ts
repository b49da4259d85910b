/**
 * Writes down what became of a request, before its answer leaves.
 *
 * What is the same for every request of a plan is made once and kept with the plan; a request adds its moment, its operator and
 * case, and whose data it was given. Values never come here: document (whose literals are values) and variables as keyed digests, refusals
 * by sentences that hold none.
 */
import { LRUCache } from 'lru-cache';
import { Scope } from '../audit/record.ts';
import type { Entry, ScopeFacts } from '../audit/record.ts';
import type { Audit } from '../audit/writer.ts';
import { asLines } from '../query/ready-json.ts';
import type { HubContext } from './context.ts';
import type { Quotas } from './quotas.ts';
import type { Asked, JudgedFacts, Refusal } from './trace.ts';

/** See the head of this file. */
export class Recorder {
  readonly #audit: Audit;
  readonly #quotas: Quotas;
  readonly #judged = new WeakMap<JudgedFacts, Scope>();
  /** Of operations that ask for no records, were refused before they were judged, or whose answer was dropped. */
  readonly #others = new LRUCache<string, Scope>({ max: 2000 });

  constructor(audit: Audit, quotas: Quotas) {
    this.#audit = audit;
    this.#quotas = quotas;
  }

  /** Writes down that a change is about to be made: one that cannot be written down is not made. */
  begun(context: HubContext): Promise<void> {
    return this.#audit.write(this.#entry(context, { code: 'BEGUN', reason: '' }));
  }

  /** Writes down what became of a request, and takes what its answer uses up; throws `QUOTA_EXCEEDED` where something is, and that is written down instead. */
  answered(context: HubContext): Promise<void> {
    const entry = this.#entry(context, context.trace.refusal ?? answered);
    const uses = this.#quotas.usesOf(() => this.#refusedScopeOf(context), context);
    return this.#audit.write(uses === undefined ? entry : { ...entry, uses });
  }

  #entry(context: HubContext, { code, reason }: Refusal): Entry {
    const { purpose: { operator, caseNo }, standing, trace } = context;
    const { subjects, traced = [], rows, reference } = trace.delivered;
    return {
      at: trace.at, request: trace.request, scope: this.#scopeOf(context), operator: operator === null ? '' : `${operator.verified ? 'signed' : 'said'}:${operator.code}`, caseNo: caseNo ?? '',
      variables: this.#digestOf(trace.variables), outcome: code, reason, rows, reference: reference.length === 0 ? '' : this.#audit.digest(asLines(reference)),
      policy: standing.version, micros: Math.round((performance.now() - trace.began) * 1000), subjects, ...(traced.length === 0 ? {} : { certificates: traced }),
    };
  }

  #digestOf(variables: Readonly<Record<string, unknown>>): string {
    for (const _name in variables) return this.#audit.digest(JSON.stringify(variables));
    return '';
  }

  #scopeOf({ caller, purpose, trace: { asked } }: HubContext): Scope {
    const { judged } = asked;
    const known = judged === null ? undefined : this.#judged.get(judged);
    if (known !== undefined) return known;
    const { open = false, quotas: _quotas, personal: _personal, ...facts }: Partial<JudgedFacts> = judged ?? {};
    const about = this.#factsOf({ caller, purpose, asked }, facts);
    if (judged === null) return this.#other(about);
    const scope = new Scope(about, open);
    this.#judged.set(judged, scope);
    return scope;
  }

  /** Of an answer that was dropped. */
  #refusedScopeOf({ caller, purpose, trace: { asked } }: HubContext): Scope {
    const { by, asked: outline } = asked.judged ?? {};
    return this.#other(this.#factsOf({ caller, purpose, asked }, { ...(by === undefined ? {} : { by }), ...(outline === undefined ? {} : { asked: outline }) }));
  }

  #factsOf({ caller, purpose, asked }: Pick<HubContext, 'caller' | 'purpose'> & { readonly asked: Asked }, facts: Partial<ScopeFacts>): ScopeFacts {
    return {
      kind: asked.kind,
      ...(caller.kind === 'consumer' ? { consumer: caller.consumer, department: caller.department } : {}),
      ...(caller.kind === 'administrator' ? { administrator: caller.code, department: caller.department } : {}),
      ...(purpose.matter === null ? {} : { matter: purpose.matter.code }), ...(purpose.behalf === null ? {} : { behalf: purpose.behalf }), mode: purpose.mode,
      document: asked.document === '' ? '' : this.#audit.digest(asked.document), ...(asked.operation === '' ? {} : { operation: asked.operation }), roots: asked.roots, ...facts,
    };
  }

  #other(about: ScopeFacts): Scope {
    const name = JSON.stringify(about);
    const other = this.#others.get(name) ?? new Scope(about);
    this.#others.set(name, other);
    return other;
  }
}

const answered: Refusal = { code: 'OK', reason: '' };

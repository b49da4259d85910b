/**
 * Takes documents as large as they may be through parsing, validation, judgement and compilation before anybody is served, so that
 * the engine has translated these ways when the first stranger sends such documents: untranslated they take ten times as long, and
 * whoever asks something small meanwhile waits behind them. It asks no database and answers nobody.
 */
import { Kind, parse } from 'graphql';
import { readOperation } from '../query/asks.ts';
import { compile } from '../query/compile.ts';
import type { Catalog } from '../sharing/catalog.ts';
import { noPolicy } from '../sharing/grant.ts';
import { planOf } from '../sharing/plan.ts';
import type { Standpoint } from '../sharing/verdict.ts';
import { documentLimits, measureVariables, tooLarge } from './limits.ts';
import type { HubSchema } from './schema.ts';
import { validation } from './validation.ts';

const rounds = 12;

const times = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join(' ');
const division = (selection: string): string => `{ administrativeDivision(divisionCode: "620623000000") { ${selection} } }`;
const nested = (levels: number): string => `${'parent { '.repeat(levels)}name${' }'.repeat(levels)}`;

const documents: readonly string[] = [
  division(times(documentLimits.fields - 1, (index) => `x${index}: name`)),
  division(times(7000, () => 'name')),
  division(nested(documentLimits.depth - 2)),
  division(nested(2000)),
  division(times(documentLimits.fields / 3 - 1, () => 'name parent { name }')),
  `{ ${times(20, (index) => `a${index}: administrativeDivision(divisionCode: "620623000000") { ${times(documentLimits.fields / documentLimits.roots - 1, (other) => `b${other}: name`)} }`)} }`,
  `{ ...F0 } ${times(30, (n) => `fragment F${n} on Query { ${times(30, (m) => (m === n ? '' : `...F${m}`))} }`)}`,
  `{ ${times(300, (index) => `nothing${index}`)} }`,
  `{ me { name ${times(3000, () => '(')}`,
];

/** See the head of this file; takes about a third of a second. Gives how many times a document was taken all the way, those that are refused on it left out. */
export function warmUp({ schema, contract }: HubSchema, catalog: Catalog): number {
  let compiled = 0;
  const caller = { kind: 'consumer', consumer: '', name: '', department: '', departmentName: '', servicePlatform: false } as const;
  const standpoint: Standpoint = { caller, catalog, policy: noPolicy, sealed: false, circumstances: { mode: 'QUERY', matter: null, hasCase: false, now: '' } };
  for (let round = 0; round < rounds; round += 1) {
    measureVariables({ ids: Array.from({ length: 30_000 }, () => '622326198001010010') });
    for (const text of documents) {
      try {
        const document = parse(text, { maxTokens: documentLimits.tokens });
        if (tooLarge(document) !== null) continue;
        const steps = validation(schema, document);
        let step = steps.next();
        while (step.done !== true) step = steps.next();
        const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
        if (step.value.length > 0 || operation === undefined) continue;
        const { tree, asks } = readOperation(schema, contract, document, operation, {});
        if (compile(tree, planOf(asks, standpoint, contract.itemsOfTypes, contract.weaker), { subjects: true }).text !== null) compiled += 1;
      } catch {
        // Some are refused: that is what they are for.
      }
    }
  }
  return compiled;
}

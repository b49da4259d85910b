/**
 * Checks a receipt without the hub: by the public key alone, and where the exchange is at hand also that it is the question and the answer
 * that were signed for.
 */
import { z } from 'zod';
import { HubError } from '../errors.ts';
import { isSm2Signature } from '../identity/sm2.ts';
import { isAmong, saltedDigest } from './receipt.ts';

const hex = z.string().regex(/^[0-9a-f]+$/i, 'is not hexadecimal');
const file = z.looseObject({
  document: z.string().min(2), signed: z.string().min(43), signature: hex, keyId: z.string(), salt: z.string().optional(), question: z.unknown().optional(), answer: z.unknown().optional(),
});

/** What was found. */
export interface Checked {
  readonly genuine: boolean;
  /** What does not hold, or what could not be checked; sentences. */
  readonly findings: readonly string[];
  /** What is asserted; null where it is not genuine. */
  readonly assertion: Readonly<Record<string, unknown>> | null;
}

/** Checks the text of a receipt's file against a public key (uncompressed, hex). */
export function checkReceipt(text: string, publicKey: string): Checked {
  const receipt = readFile(text);
  if (!isSm2Signature(receipt.signed, receipt.signature, publicKey) || !isAmong(receipt.document, receipt.signed)) {
    return { genuine: false, findings: ['The signature is not this key\'s over this document: one of them was changed, or it is of another hub or another version of its keys.'], assertion: null };
  }
  const assertion = JSON.parse(receipt.document) as Readonly<Record<string, unknown>>;
  const findings = (['question', 'answer'] as const).flatMap((side) => sideFindings(side, receipt, assertion));
  return { genuine: !findings.some(({ wrong }) => wrong), findings: findings.map(({ says }) => says), assertion };
}

function sideFindings(side: 'question' | 'answer', { salt, ...receipt }: z.infer<typeof file>, assertion: Readonly<Record<string, unknown>>): readonly { readonly wrong: boolean; readonly says: string }[] {
  const given = receipt[side];
  if (given === undefined) return [{ wrong: false, says: `The file does not hold the ${side}, so whether it is the one that was signed for was not checked.` }];
  if (salt === undefined) return [{ wrong: true, says: `The ${side} cannot be checked without the salt that came with the answer.` }];
  return saltedDigest(salt, given) === assertion[side] ? [] : [{ wrong: true, says: `The ${side} is not the one that was signed for.` }];
}

function readFile(text: string): z.infer<typeof file> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HubError('BAD_INPUT', 'The file is not JSON. A receipt\'s file holds what `lookup { receipt { … } }` gave: document, signed, signature, keyId, and salt, question and answer where they are at hand.');
  }
  const read = file.safeParse(value);
  if (read.success) return read.data;
  throw new HubError('BAD_INPUT', `The file is no receipt: ${read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}.`);
}

/**
 * Every identifier of the domain (domain.md §3), by the name that declarations and the contract use.
 *
 * The wall of this folder. An identifier is judged by its form here, never looked up.
 */
import { HubError } from '../../errors.ts';
import { certificateIdentifier } from './certificate-identifier.ts';
import { idNumber } from './id-number.ts';
import type { Identifier } from './identifier.ts';
import { orgCode } from './org-code.ts';
import { birthCertificate, disabilityCertificate, divisionCode, implementationCode, realEstateUnit } from './unchecked.ts';
import { uscc } from './uscc.ts';

export type { Identifier } from './identifier.ts';
export { certificateIdentifierWithCheck } from './certificate-identifier.ts';
export { idNumberWithCheck } from './id-number.ts';
export { orgCodeWithCheck } from './org-code.ts';
export { usccWithCheck } from './uscc.ts';

/** The identifiers that have a rule. */
export type IdentifierName =
  | 'idNumber' | 'uscc' | 'orgCode' | 'certificateIdentifier' | 'disabilityCertificate'
  | 'realEstateUnit' | 'birthCertificate' | 'divisionCode' | 'implementationCode';

/** Every identifier by its name. */
export const identifiers: Readonly<Record<IdentifierName, Identifier>> = {
  idNumber, uscc, orgCode, certificateIdentifier, disabilityCertificate,
  realEstateUnit, birthCertificate, divisionCode, implementationCode,
};

/** Reads an identifier as a client wrote it: normalized, or `BAD_INPUT` with the sentence that says what is wrong. */
export function readIdentifier(name: IdentifierName, text: string, today: string): string {
  const identifier = identifiers[name];
  const normalized = identifier.normalize(text);
  const wrong = identifier.problem(normalized, today);
  if (wrong !== null) throw new HubError('BAD_INPUT', wrong, { identifier: name });
  return normalized;
}

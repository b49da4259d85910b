/**
 * 电子证照标识, GB/T 36904-2018: `1.2.156.3005.2.` + certificate type (21) `.` issuer (18) `.` serial `.` version (3) `.` check.
 *
 * The check is ISO 7064 MOD 37,36 over the four parts without the OID root and the dots. The credit codes inside are
 * checked for their shape only: old issuers carry provisional codes, and the identifier's own check covers them.
 */
import { halfWidth, valueOf } from './identifier.ts';
import type { Identifier } from './identifier.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const root = '1.2.156.3005.2.';
const shape = /^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{18})\.([0-9A-Z]{1,64})\.(\d{3})\.([0-9A-Z])$/;

/** ISO 7064 MOD 37,36. */
function checkDigit(body: string): string {
  let product = 36;
  for (const char of body) {
    const sum = (product + valueOf(char, alphabet)) % 36;
    product = ((sum === 0 ? 36 : sum) * 2) % 37;
  }
  return alphabet.charAt((37 - product) % 36);
}

/** Identifiers of electronic certificates (GB/T 36904-2018). */
export const certificateIdentifier: Identifier = {
  name: 'certificateIdentifier',
  nameZh: '电子证照标识',
  standard: 'GB/T 36904-2018',
  /** `body`: type, issuer, serial and version, concatenated without dots. */
  checkDigit,

  /** Half-width and upper case. */
  normalize(text) {
    return halfWidth(text).toUpperCase();
  },

  problem(normalized) {
    if (!normalized.startsWith(root)) return `A certificate identifier begins with ${root} (GB/T 36904).`;
    const parts = shape.exec(normalized);
    if (parts === null) return 'After its root a certificate identifier has five parts: type (21 characters), issuer (18), serial (1 to 64), version (3 digits), check (1), with dots between.';
    if (checkDigit(parts.slice(1, 5).join('')) !== parts[5]) return 'The check character of this certificate identifier does not fit. Compare it with the certificate, character by character, and send it again.';
    return null;
  },
};

/** Builds a complete identifier from its four parts; throws `RangeError` when a part has the wrong form. */
export function certificateIdentifierWithCheck(typeCode: string, issuerCode: string, serial: string, version: string): string {
  const complete = `${root}${typeCode}.${issuerCode}.${serial}.${version}.${checkDigit(typeCode + issuerCode + serial + version)}`;
  const wrong = certificateIdentifier.problem(complete, '9999-12-31');
  if (wrong !== null) throw new RangeError(wrong);
  return complete;
}

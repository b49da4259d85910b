/**
 * The secret keys of test hubs: fixed, so that every process of a run computes the same `person_key`.
 */
import type { KeySet } from '../../src/identity/key-provider.ts';

export const testKeys: KeySet = { current: 1, keys: { 1: { hmac: 'dGVzdC1rZXktbm90LWEtc2VjcmV0LWF0LWFsbC0wMDA' } } };

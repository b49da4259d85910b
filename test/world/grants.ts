/**
 * Decisions as security administrators send them, for tests that look at what they do.
 */
import type { TestHub } from './hub.ts';

/** A line of a grant as the contract takes it; uses READ where the test does not say. */
export interface TupleInput {
  readonly item: string;
  readonly uses?: readonly string[];
  readonly [field: string]: unknown;
}

const grantDocument = `mutation ($approvalNo: String!, $consumer: String!, $tuples: [GrantTupleInput!]!, $seals: [String!]! = []) {
  grant(approvalNo: $approvalNo, consumer: $consumer, tuples: $tuples, seals: $seals)
}`;

/** Grants as the security administrator; the answer is the mutation's. */
export function grantTo(hub: TestHub, consumer: string, approvalNo: string, tuples: readonly TupleInput[], seals: readonly string[] = []) {
  return hub.ask('security', grantDocument, { variables: { approvalNo, consumer, tuples: tuples.map((tuple) => ({ uses: ['READ'], ...tuple })), seals } });
}

/** A mutation that has to go well. */
export async function decided(hub: TestHub, mutation: string, variables: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const answer = await hub.ask('security', mutation, { variables });
  if (answer.errors.length > 0) throw new Error(`${mutation} was refused: ${answer.errors[0]?.message}`);
}

/**
 * The four workloads of design.md §7: what is asked, with which random keys, and how much of it.
 *
 * One operation text serves every GraphQL server whose schema has the hub's names; PostGraphile, which makes its own names,
 * is asked with aliases, so that all answers have one shape and can be compared as they are.
 */

/** Whom and what the workloads ask for; the same for every server. */
export interface Facts {
  /** Identity numbers of all kinds of people. */
  readonly people: readonly string[];
  /** People with 4 household members, 5 certificates and 3 credit permits. */
  readonly subjects: readonly string[];
  /** Ids of legal entities that at least a thousand others follow. */
  readonly cursors: readonly string[];
}

/** A whole number from 0 up to, not including, `below`. */
export type Pick = (below: number) => number;

export type Variables = Readonly<Record<string, string | readonly string[]>>;

export interface Workload {
  readonly title: string;
  /** The operation in the hub's names. */
  readonly query: string;
  /** The same in PostGraphile's. */
  readonly postgraphile: string;
  readonly variables: (facts: Facts, pick: Pick) => Variables;
  /** Different requests that the load is drawn from. */
  readonly requests: number;
}

const one = (list: readonly string[], pick: Pick): string => list[pick(list.length)] ?? '';

const personFields = 'idNumber name genderCode ethnicityCode birthDate nationalityCode registeredDivisionCode householdNo personStatus phone';
const entityFields = 'uscc name entityTypeCode category status legalRepName registeredCapital industryCode establishedOn';

export const workloads = {
  W1: {
    title: 'one person by key, 10 fields',
    query: `query ($idNumber: String!) { person(idNumber: $idNumber) { ${personFields} } }`,
    postgraphile: `query ($idNumber: String!) { person: personByIdNumber(idNumber: $idNumber) { ${personFields} } }`,
    variables: ({ people }, pick) => ({ idNumber: one(people, pick) }),
    requests: 4096,
  },
  W2: {
    title: 'person + household members (4) + certificates (5) + credit records (3)',
    query: `query ($idNumber: String!) { person(idNumber: $idNumber) { idNumber name birthDate
      household { householdNo address members { nodes { idNumber name relationToHeadCode birthDate } } }
      certificates { nodes { certificateIdentifier typeName certificateNumber issuingAuthorityName validFrom validTo status } }
      creditPermits { nodes { recordNo decisionName decidedOn validTo status } } } }`,
    postgraphile: `query ($idNumber: String!) { person: personByIdNumber(idNumber: $idNumber) { idNumber name birthDate
      household { householdNo address members(first: 20) { nodes { idNumber name relationToHeadCode birthDate } } }
      certificates(first: 20) { nodes { certificateIdentifier typeName certificateNumber issuingAuthorityName validFrom validTo status } }
      creditPermits(first: 20) { nodes { recordNo decisionName decidedOn validTo status } } } }`,
    variables: ({ subjects }, pick) => ({ idNumber: one(subjects, pick) }),
    requests: 4096,
  },
  W3: {
    title: '100 people by key + certificates',
    query: `query ($idNumbers: [String!]!) { persons(idNumbers: $idNumbers) { idNumber name birthDate
      certificates { nodes { certificateIdentifier typeName validTo status } } } }`,
    postgraphile: `query ($idNumbers: [String]!) { persons: personsByIdNumbersList(idNumbers: $idNumbers) { idNumber name birthDate
      certificates(first: 20) { nodes { certificateIdentifier typeName validTo status } } } }`,
    variables: ({ subjects }, pick) => {
      const from = pick(Math.max(1, subjects.length - 100 * 37));
      return { idNumbers: Array.from({ length: 100 }, (_, index) => subjects[(from + index * 37) % subjects.length] ?? '') };
    },
    requests: 512,
  },
  W4: {
    title: 'page of 1000 legal entities x 10 fields',
    query: `query ($after: ID!) { legalEntities(first: 1000, after: $after) { nodes { id ${entityFields} } } }`,
    postgraphile: `query ($after: Cursor!) { legalEntities: allLegalEntities(first: 1000, after: $after) { nodes { id: rowId ${entityFields} } } }`,
    variables: ({ cursors }, pick) => ({ after: one(cursors, pick) }),
    requests: 512,
  },
} as const satisfies Readonly<Record<string, Workload>>;

export type WorkloadName = keyof typeof workloads;
export const workloadNames = Object.keys(workloads) as WorkloadName[];

/** How a server is asked. */
export type Dialect = 'plain' | 'hub' | 'postgraphile';

/** A server as the load generator needs to know it. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly dialect: Dialect;
  /** Path of the GraphQL endpoint; of a plain server, what stands before the workload's name. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** One person is asked for under a case of his own: this text and his identity number. */
  readonly casePrefix?: string;
  /** PostGraphile only: what its cursors begin with in the order of the primary key. */
  readonly order?: string;
}

/** The HTTP request that asks `target`: a path, or a body of JSON. */
export interface AskingRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How `target` is asked. */
export function requestTo(target: Target, name: WorkloadName, variables: Variables): AskingRequest {
  const workload: Workload = workloads[name];
  if (target.dialect === 'plain') {
    const [value = ''] = Object.values(variables);
    return { method: 'GET', path: `${target.path}/${name}?${Array.isArray(value) ? value.join(',') : String(value)}`, headers: target.headers, body: '' };
  }
  const query = target.dialect === 'hub' ? workload.query : workload.postgraphile;
  const { after, idNumber } = variables;
  const sent = target.dialect === 'postgraphile' && typeof after === 'string' ? { after: Buffer.from(JSON.stringify([target.order, after])).toString('base64') } : variables;
  const ownCase: Readonly<Record<string, string>> = target.casePrefix !== undefined && typeof idNumber === 'string' ? { 'hub-case': `${target.casePrefix}${idNumber}` } : {};
  return { method: 'POST', path: target.path, headers: { 'content-type': 'application/json', ...target.headers, ...ownCase }, body: JSON.stringify({ query, variables: sent }) };
}

/** Numbers from a seed (mulberry32), the same in every process. */
export function picker(seed: number): Pick {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

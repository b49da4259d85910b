/**
 * What nobody writes by hand: connections, filters and orders of every record type, and the arguments that every
 * record field of the contract has. Made at boot from `@record` and the `find:` of `@item` and `@derived`.
 */
import { Kind, parse, visit } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, FieldDefinitionNode, InputValueDefinitionNode, ObjectTypeDefinitionNode, ObjectTypeExtensionNode, TypeNode } from 'graphql';

/** The contract as written, with all that follows from it. */
export function completeContract(written: DocumentNode): DocumentNode {
  const records = written.definitions.filter((definition): definition is ObjectTypeDefinitionNode =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION && directive(definition, 'record') !== undefined);
  const filters = new Map<string, string>();
  const generated = records.map((record) => connectionOf(record) + filterOf(record, filters) + orderOf(record)).join('\n');
  const support = parse([...filters.values(), generated].join('\n'), { noLocation: true });
  const hasFilter = new Set(support.definitions.flatMap((definition) => (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ? [definition.name.value] : [])));
  const completed = visit(written, {
    FieldDefinition(field) {
      const lookup = directive(field, 'lookup');
      const connection = /^(\w+)Connection$/.exec(namedType(field.type))?.[1];
      const added = [
        ...(connection ? pageArguments(connection, hasFilter) : []),
        ...(lookup ? lensArguments : []),
      ];
      return added.length === 0 ? undefined : { ...field, arguments: [...(field.arguments ?? []), ...argumentNodes(added)] };
    },
  });
  return { kind: Kind.DOCUMENT, definitions: [...completed.definitions, ...support.definitions] };
}

const lensArguments = [
  '"查询有效日期（缺省为今日） · As it was valid on this day; today if absent" asOf: Date',
  '"查询知悉时刻（缺省为此刻） · As the hub knew it at this moment; now if absent" knownAt: DateTime',
];

function pageArguments(type: string, generated: ReadonlySet<string>): string[] {
  return [
    '"本页条数 · Rows of this page" first: Int',
    '"上一页的 endCursor · The endCursor of the page before" after: ID',
    ...(generated.has(`${type}Filter`) ? [`"筛选，诸条件须同时成立 · Conditions, all of which must hold" where: ${type}Filter`] : []),
    ...(generated.has(`${type}OrderBy`) ? [`"排序，至多三项 · At most three terms" orderBy: [${type}OrderBy!]`] : []),
  ];
}

function argumentNodes(texts: readonly string[]): readonly InputValueDefinitionNode[] {
  const [definition] = parse(`type T { f(${texts.join(', ')}): Int }`, { noLocation: true }).definitions as [ObjectTypeDefinitionNode];
  return definition.fields?.[0]?.arguments ?? [];
}

/** What generated fields and conditions weigh: a count looks at all that match under one parent, geometries are compared point by point. */
const weights = { count: 20, spatial: 500 } as const;

function connectionOf({ name: { value: type } }: ObjectTypeDefinitionNode): string {
  return `
    "${type} 分页（Relay） · A page of ${type} records"
    type ${type}Connection {
      "本页记录 · The records of this page"
      nodes: [${type}!]
      "本页的边 · The edges of this page"
      edges: [${type}Edge!]
      "分页信息 · Page info"
      pageInfo: PageInfo
      "符合条件的总数 · How many match in all"
      totalCount: Int @cost(weight: ${weights.count})
    }
    "${type} 的边 · One record and its cursor"
    type ${type}Edge { cursor: String node: ${type} }`;
}

const ranges = ['gt', 'gte', 'lt', 'lte'];
const spatial = ['contains', 'covers', 'coveredBy', 'crosses', 'intersects', 'overlaps', 'touches', 'within'];

/** One filter input for each (scalar, ways of finding) that occurs; named after both. */
function filterOf(record: ObjectTypeDefinitionNode, filters: Map<string, string>): string {
  const lines = fieldsFound(record).flatMap(({ field, find }) => {
    const scalar = namedType(field.type);
    const name = filterName(scalar, find);
    if (name === null) return [];
    if (!filters.has(name)) filters.set(name, filterInput(name, scalar, find));
    return [`${JSON.stringify(field.description?.value ?? field.name.value)} ${field.name.value}: ${name}`];
  });
  const type = record.name.value;
  return lines.length === 0 ? '' : `\n"${type} 的筛选条件 · Conditions on ${type}"\ninput ${type}Filter { ${lines.join('\n')} }`;
}

function filterName(scalar: string, find: ReadonlySet<string>): string | null {
  const ways = ['EQ', 'IN', 'STARTS_WITH', 'RANGE', 'SPATIAL'].filter((way) => find.has(way) || (find.has('KEY') && (way === 'EQ' || way === 'IN')));
  return ways.length === 0 ? null : `${scalar}${ways.map((way) => way.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())).join('')}Filter`;
}

function filterInput(name: string, scalar: string, find: ReadonlySet<string>): string {
  const has = (way: string) => find.has(way) || (find.has('KEY') && (way === 'EQ' || way === 'IN'));
  const lines = [
    ...(has('EQ') ? [`"等于 · Equals" eq: ${scalar}`] : []),
    ...(has('IN') ? [`"属于其一，至多 100 个 · One of, at most 100" in: [${scalar}!]`] : []),
    ...(has('STARTS_WITH') ? ['"以此开头 · Starts with" startsWith: String'] : []),
    ...(has('RANGE') ? ranges.map((op) => `${op}: ${scalar}`) : []),
    ...(has('SPATIAL') ? [
      ...spatial.map((op) => `${op}: GeometryInput @cost(weight: ${weights.spatial})`),
      `"距离不超过 · Within a distance" withinDistance: DistanceInput @cost(weight: ${weights.spatial})`,
      `"与外包矩形相交 · Intersects a bounding box" box: BoxInput @cost(weight: ${weights.spatial})`,
    ] : []),
  ];
  return `"条件，须同时成立 · Conditions, all of which must hold"\ninput ${name} { ${lines.join('\n')} }`;
}

function orderOf(record: ObjectTypeDefinitionNode): string {
  const names = fieldsFound(record).filter(({ find }) => find.has('ORDER')).map(({ field }) => field.name.value);
  if (names.length === 0) return '';
  const type = record.name.value;
  return `
    "${type} 可排序的字段 · Fields that ${type} sorts by"
    enum ${type}OrderField { ${names.join(' ')} }
    "${type} 的排序 · One term of an order of ${type}"
    input ${type}OrderBy { field: ${type}OrderField! direction: Direction! = ASC }`;
}

function fieldsFound(record: ObjectTypeDefinitionNode): { field: FieldDefinitionNode; find: ReadonlySet<string> }[] {
  return (record.fields ?? []).map((field) => ({ field, find: new Set(argumentOf(directive(field, 'item') ?? directive(field, 'derived'), 'find') as string[] | undefined) }));
}

/** The directive of this name on a node of the contract. */
export function directive(node: FieldDefinitionNode | ObjectTypeDefinitionNode | ObjectTypeExtensionNode, name: string): ConstDirectiveNode | undefined {
  return node.directives?.find((own) => own.name.value === name);
}

/** An argument of a directive: a string, an enum's name, or a list of them. */
export function argumentOf(node: ConstDirectiveNode | undefined, name: string): string | readonly string[] | undefined {
  const value = node?.arguments?.find((own) => own.name.value === name)?.value;
  if (value === undefined) return undefined;
  if (value.kind === Kind.LIST) return value.values.map((one) => ('value' in one ? String(one.value) : ''));
  return 'value' in value ? String(value.value) : undefined;
}

/** The name inside lists and non-nulls. */
export function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

/**
 * The weights that the contract declares (`@cost`), by coordinate. What they are for is said in `query/cost.ts`.
 */
import { Kind } from 'graphql';
import type { ConstDirectiveNode, DocumentNode, InputObjectTypeDefinitionNode } from 'graphql';
import type { Weights } from '../registries/contract.ts';
import { argumentOf, namedType } from './generate.ts';

/** Reads them all. A condition stands under every filter that offers it: `BuildingFilter.geometry.within`. */
export function readWeights(document: DocumentNode): Weights {
  const weights = new Map<string, number>();
  const inputs = new Map<string, InputObjectTypeDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) inputs.set(definition.name.value, definition);
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    for (const field of definition.fields ?? []) {
      const at = `${definition.name.value}.${field.name.value}`;
      note(weights, at, field);
      for (const argument of field.arguments ?? []) note(weights, `${at}(${argument.name.value})`, argument);
    }
  }
  for (const [name, { fields = [] }] of inputs) {
    for (const field of fields) {
      for (const condition of inputs.get(namedType(field.type))?.fields ?? []) note(weights, `${name}.${field.name.value}.${condition.name.value}`, condition);
    }
  }
  return weights;
}

function note(weights: Map<string, number>, at: string, { directives = [] }: { readonly directives?: readonly ConstDirectiveNode[] | undefined }): void {
  const weight = argumentOf(directives.find(({ name }) => name.value === 'cost'), 'weight');
  if (weight !== undefined) weights.set(at, Number(weight));
}

/** What the room asks; and operations to begin with, which are validated like those that it asks. */
import { graphql } from '../../api/graphql.ts';
import type { Pair } from '../../language/language.tsx';

/** Whom one can view as, and for which matters. */
export const Viewpoints = graphql(`
  query Viewpoints { consumers { code name departmentCode departmentName servicePlatform } matters { code name departmentCode participants needsCase } }
`);

/** What would be decided about an operation. No record is read for it. */
export const Explain = graphql(`
  query Explain($consumer: ID!, $document: String!, $variables: JSON, $matter: String, $underCase: Boolean!, $mode: Mode!, $at: DateTime) {
    explain(consumer: $consumer, document: $document, variables: $variables, matter: $matter, underCase: $underCase, mode: $mode, at: $at) {
      consumerName at matter underCase refused until
      refusals { code because at }
      asks { at item itemName use allowed rule because apply until ways { rule approvalNo mask rows } }
      asksOfOthers
      withheld { at item because apply instead }
    }
  }
`);

/** What an application has really asked. */
export const PastOperations = graphql(`
  query PastOperations($consumer: ID!) {
    pastOperations(consumer: $consumer) { operations { document variables roots selection matter mode underCase times lastAskedAt } leftOut }
  }
`);

/** All that an application may use, under whatever purpose. */
export const WhatSees = graphql(`
  query WhatSees($consumer: ID!, $mode: Mode!, $at: DateTime) {
    whatSees(consumer: $consumer, mode: $mode, at: $at) { item itemName use allowed rule because takesMatter takesCase until ways { approvalNo mask rows } }
  }
`);

const person = graphql(`
  query ExamplePerson {
    person(idNumber: "622326198001010010") {
      name
      idNumber
      birthDate
      maritalStatusCode
      registeredAddress
      household { householdNo }
    }
  }
`);

const entity = graphql(`
  query ExampleLegalEntities {
    legalEntities(first: 10, where: { name: { eq: "天祝县示例商行" } }) {
      nodes { name uscc }
    }
  }
`);

const divisions = graphql(`
  query ExamplePlaceNames { placeNames(first: 10) { nodes { standardName } } }
`);

/** As one writes it: without the margin that it has above. */
const written = (operation: unknown): string => {
  const lines = String(operation).replace(/^\n/, '').trimEnd().split('\n');
  const margin = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(margin)).join('\n');
};

/** Operations to begin with. */
export const examples: readonly { readonly name: Pair; readonly document: string }[] = [
  { name: { zh: '按身份号码查一人', en: 'One person by ID number' }, document: written(person) },
  { name: { zh: '按名称查法人', en: 'Legal entities by name' }, document: written(entity) },
  { name: { zh: '地名一览', en: 'Place names' }, document: written(divisions) },
];

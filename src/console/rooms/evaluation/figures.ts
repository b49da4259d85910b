/**
 * Figures as the room adds them up and groups them. Numbers that may be long come as texts.
 */
import type { EvaluationQuery } from '../../generated/graphql.ts';

export type Evaluation = EvaluationQuery['evaluation'];
export type Told = Evaluation['months'][number];

/** Figures, by what they are about. */
export const figureGroups = {
  supply: ['itemsProvided', 'answers', 'items'],
  use: ['requests', 'refused', 'lookups', 'papersAsked', 'papersSaved'],
  deadlines: ['deadlinesKept', 'deadlinesMissed', 'deadlinesOpen'],
  quality: ['changes', 'changesRejected', 'quarantined', 'conflicts', 'discrepancies', 'discrepanciesCorrected'],
  grantsGroup: ['grantsUnused', 'grantsOverBroad'],
} as const satisfies Readonly<Record<string, readonly (keyof Told)[]>>;

export type GroupName = keyof typeof figureGroups;
export type FigureName = (typeof figureGroups)[GroupName][number];

/** A figure as a number. */
export const figureOf = (row: Told, name: FigureName): number => Number(row[name]);

/** The sum of a figure over rows. */
export const sumOf = (rows: readonly Told[], name: FigureName): number => rows.reduce((sum, row) => sum + figureOf(row, name), 0);

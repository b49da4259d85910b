/**
 * Looking for an address, a real estate unit, a building or a place name: the box, and what was found. It asks when Enter is pressed and not
 * as one types, since every question is audited. Each kind is a question of its own: where one is withheld the others are still answered.
 */
import { Button, Flex, Input, Skeleton, Typography } from 'antd';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useAskWhole } from '../../api/ask.ts';
import type { Whole } from '../../api/ask.ts';
import { problemOf } from '../../api/problem.ts';
import type { Problem, ToldError } from '../../api/problem.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { recordTypeNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { AddressesBegin, FindAddresses, FindBuildings, FindPlaceNames, FindUnits } from './documents.ts';
import { texts } from './texts.ts';
import { conditionsOf, most, nearby, prefixOf, wantedOf } from './wanted.ts';
import type { Conditions, Wanted } from './wanted.ts';

/** The kinds of records that are found here. */
export const kinds = ['StandardAddress', 'RealEstateUnit', 'Building', 'PlaceName'] as const;
export type Kind = (typeof kinds)[number];

/** One of them. */
export interface Chosen {
  readonly kind: Kind;
  readonly code: string;
}

interface Found {
  readonly code: string;
  readonly name: string;
  readonly beside: string;
}

/** What came of one question: hits, whether there are more, what was refused. */
interface Finding {
  readonly kind: Kind;
  readonly hits: readonly Found[];
  readonly more: boolean;
  readonly waits: boolean;
  readonly problem: Problem | null;
}

/** The box. */
export function FindBox({ words, onWords }: { readonly words: string; readonly onWords: (words: string) => void }): ReactNode {
  const t = useTexts(texts);
  return (
    <search style={{ flex: '1 1 420px', maxWidth: 640 }}>
      <Input.Search key={words} defaultValue={words} allowClear enterButton={t.find} placeholder={t.findWhat} aria-label={t.findWhat} aria-describedby="map-find-hint" onSearch={(typed) => onWords(typed.trim())} />
      <Typography.Text id="map-find-hint" type="secondary" style={{ fontSize: 12 }}>{t.findHint}</Typography.Text>
    </search>
  );
}

interface FindsProps {
  readonly words: string;
  readonly division: { readonly divisionCode: string; readonly name: string; readonly level: number };
  readonly chosen: Chosen | null;
  readonly onChoose: (chosen: Chosen) => void;
}

/** What was found of these words. */
export function Finds({ words, division, chosen, onChoose }: FindsProps): ReactNode {
  const wanted = useMemo(() => wantedOf(words), [words]);
  const prefix = prefixOf(division.divisionCode, division.level);
  const begin = useAskWhole(AddressesBegin, { prefix }, wanted.kind === 'text');
  if (wanted.kind === 'text' && begin.data === undefined) return begin.error === null ? <Skeleton active paragraph={{ rows: 3 }} /> : <ProblemShown problem={begin.error} again={() => void begin.refetch()} />;
  const { province, city, county, township, village } = begin.data?.data?.standardAddresses?.nodes?.[0] ?? {};
  const above = [province, city, county, township, village].slice(0, division.level).filter((name) => typeof name === 'string');
  return <FoundList wanted={wanted} where={division.name} conditions={conditionsOf(wanted, prefix, above)} chosen={chosen} onChoose={onChoose} />;
}

interface FoundListProps extends Pick<FindsProps, 'chosen' | 'onChoose'> {
  readonly wanted: Wanted;
  readonly where: string;
  readonly conditions: Conditions;
}

function FoundList({ wanted, where, conditions, chosen, onChoose }: FoundListProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const findings = useFindings(conditions);
  const isDone = findings.every(({ waits }) => !waits);
  const nothing = isDone && findings.every(({ hits, problem }) => hits.length === 0 && problem === null);
  const title = wanted.kind === 'place' ? t.foundAt(wanted.at.join(', '), nearby.address, nearby.placeName) : wanted.kind === 'code' ? t.foundCode(wanted.code) : t.foundText(wanted.text, where);
  return (
    <section aria-label={t.found} aria-busy={!isDone}>
      <Typography.Title level={3} style={{ fontSize: 14, margin: '0 0 8px' }}>{title}</Typography.Title>
      {nothing && <Nothing what={t.nothingFound} next={wanted.kind === 'text' ? t.nothingFoundNext(where) : t.nothingThereNext} />}
      {!isDone && <Skeleton active paragraph={{ rows: 3 }} title={false} />}
      {findings.filter(({ hits, problem }) => hits.length > 0 || problem !== null).map(({ kind, hits, more, problem }) => {
        const name = text(recordTypeNames[kind] ?? { zh: kind, en: kind });
        return (
          <section key={kind} aria-label={name} style={{ marginBottom: 10 }}>
            <Typography.Text strong>{name}</Typography.Text> {problem === null && <Typography.Text type="secondary">{more ? t.firstOf(most) : hits.length}</Typography.Text>}
            {problem !== null && <ProblemShown problem={problem} />}
            <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
              {hits.map((hit) => {
                const isChosen = chosen?.kind === kind && chosen.code === hit.code;
                return (
                  <li key={hit.code}>
                    <Button block type={isChosen ? 'primary' : 'text'} aria-current={isChosen} style={{ height: 'auto', justifyContent: 'flex-start', textAlign: 'start', whiteSpace: 'normal', padding: '4px 8px' }} onClick={() => onChoose({ kind, code: hit.code })}>
                      <Flex vertical align="flex-start"><span>{hit.name}</span>{hit.beside !== '' && <span style={{ fontSize: 12 }}>{hit.beside}</span>}</Flex>
                    </Button>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </section>
  );
}

interface Nodes<Node> {
  readonly nodes: readonly Node[] | null;
  readonly pageInfo: { readonly hasNextPage: boolean | null } | null;
}

function useFindings(conditions: Conditions): readonly Finding[] {
  const addresses = useAskWhole(FindAddresses, conditions.addresses);
  const units = useAskWhole(FindUnits, conditions.units);
  const buildings = useAskWhole(FindBuildings, conditions.buildings);
  const placeNames = useAskWhole(FindPlaceNames, conditions.placeNames);
  return [
    findingOf('StandardAddress', addresses, (data) => [data.whole, data.byStreet, data.byCompound], ({ addressCode, fullText }) => [addressCode, fullText, addressCode]),
    findingOf('RealEstateUnit', units, (data) => [data.realEstateUnits], ({ unitNo, location }) => [unitNo, unitNo, location]),
    findingOf('Building', buildings, (data) => [data.buildings], ({ buildingCode, name, location }) => [buildingCode, name, location]),
    findingOf('PlaceName', placeNames, (data) => [data.placeNames], ({ placeCode, standardName, division }) => [placeCode, standardName, division?.name]),
  ];
}

type Told = string | null | undefined;

/** Hits without a code cannot be chosen, so they are left out: what was refused says why. */
function findingOf<Answer, Node>(kind: Kind, by: UseQueryResult<Whole<Answer>, Problem>, pages: (data: Answer) => readonly (Nodes<Node> | null | undefined)[], read: (node: Node) => readonly [code: Told, name: Told, beside: Told]): Finding {
  const asked = by.data?.data === null || by.data === undefined ? [] : pages(by.data.data);
  const found = new Map<string, Found>();
  for (const node of asked.flatMap((page) => page?.nodes ?? [])) {
    const [code, name, beside] = read(node);
    if (typeof code === 'string') found.set(code, { code, name: name ?? code, beside: beside ?? '' });
  }
  return {
    kind, hits: [...found.values()].slice(0, most), waits: by.isPending, problem: by.error ?? refusedIn(by.data?.errors ?? []),
    more: found.size > most || asked.some((page) => page?.pageInfo?.hasNextPage === true),
  };
}

/** What was refused beside an answer, each sentence once; null: nothing. */
export function refusedIn(errors: readonly ToldError[]): Problem | null {
  const once = [...new Map(errors.map((error) => [error.message, error])).values()];
  return once.length === 0 ? null : problemOf(once, 200, null);
}

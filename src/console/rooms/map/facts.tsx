/**
 * What is open of a record that was found: where it lies, how large it is, what it is for; and in words what is not shown. Its geometry goes
 * to the drawing.
 */
import { Button, Card, Descriptions, Flex, Skeleton, Typography } from 'antd';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useAskWhole } from '../../api/ask.ts';
import type { Whole } from '../../api/ask.ts';
import type { Problem } from '../../api/problem.ts';
import type { AddressFactsQuery, BuildingFactsQuery, PlaceNameFactsQuery, UnitFactsQuery } from '../../generated/graphql.ts';
import { useText, useTexts } from '../../language/language.tsx';
import { recordTypeNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { ProblemShown } from '../../parts/problem.tsx';
import { AddressFacts, BuildingFacts, PlaceNameFacts, UnitFacts } from './documents.ts';
import { refusedIn } from './finds.tsx';
import type { Chosen, Kind } from './finds.tsx';
import { texts } from './texts.ts';

/** What is known of one record. */
export interface Facts {
  readonly name: string;
  readonly geometry: unknown;
  readonly rows: readonly Row[];
}

interface Row {
  readonly label: string;
  readonly value: ReactNode;
}

/** How the question for them stands. */
export interface AskedFacts {
  readonly waits: boolean;
  readonly problem: Problem | null;
  /** Null: there is no such record, or it is not known yet. */
  readonly facts: Facts | null;
}

type Texts = ReturnType<typeof useTexts<typeof texts>>;
type Go = (kind: Kind, code: string | null | undefined, name: string | null | undefined) => ReactNode;

/** Asks for what is chosen. */
export function useFacts(chosen: Chosen | null, onChoose: (chosen: Chosen) => void): AskedFacts {
  const t = useTexts(texts);
  const code = chosen?.code ?? '';
  const is = (kind: Kind): boolean => chosen?.kind === kind;
  const address = useAskWhole(AddressFacts, { code }, is('StandardAddress'));
  const unit = useAskWhole(UnitFacts, { code }, is('RealEstateUnit'));
  const building = useAskWhole(BuildingFacts, { code }, is('Building'));
  const placeName = useAskWhole(PlaceNameFacts, { code }, is('PlaceName'));
  const go: Go = (kind, other, name) => (typeof other === 'string' ? <Button key={other} type="link" size="small" style={{ padding: 0, height: 'auto', whiteSpace: 'normal', textAlign: 'start', justifyContent: 'flex-start' }} onClick={() => onChoose({ kind, code: other })}>{name ?? other}</Button> : null);
  const asked = <Answer,>(by: UseQueryResult<Whole<Answer>, Problem>, facts: (answer: Answer) => Facts | null): AskedFacts => {
    const data = by.data?.data ?? null;
    return { waits: by.isPending, problem: by.error ?? refusedIn(by.data?.errors ?? []), facts: data === null ? null : facts(data) };
  };
  switch (chosen?.kind) {
    case 'StandardAddress': return asked(address, ({ standardAddress }) => standardAddress && addressFacts(standardAddress, t, go));
    case 'RealEstateUnit': return asked(unit, ({ realEstateUnit }) => realEstateUnit && unitFacts(realEstateUnit, t, go));
    case 'Building': return asked(building, ({ building: one }) => one && buildingFacts(one, t, go));
    case 'PlaceName': return asked(placeName, ({ placeName: one }) => one && placeNameFacts(one, t));
    default: return { waits: false, problem: null, facts: null };
  }
}

/** The panel of it. */
export function FactsShown({ chosen, asked: { waits, problem, facts } }: { readonly chosen: Chosen; readonly asked: AskedFacts }): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const kind = text(recordTypeNames[chosen.kind] ?? { zh: chosen.kind, en: chosen.kind });
  return (
    <section aria-label={t.factsOf(kind)}>
    <Card size="small" title={kind}>
      {problem !== null && <ProblemShown problem={problem} />}
      {waits ? <Skeleton active /> : facts === null ? problem === null && <Nothing what={t.noRecord(chosen.code)} next={t.noRecordNext} /> : (
        <>
          <Typography.Title level={3} style={{ fontSize: 15, margin: '0 0 10px' }}>{facts.name}</Typography.Title>
          <Descriptions bordered size="small" column={1} styles={{ label: { width: 104, minWidth: 104 } }} items={facts.rows.filter(({ value }) => value !== null && value !== undefined && value !== '').map(({ label, value }) => ({ key: label, label, children: value }))} />
        </>
      )}
    </Card>
    </section>
  );
}

const listed = (items: readonly ReactNode[]): ReactNode => (items.length === 0 ? null : <Flex vertical gap={2}>{items}</Flex>);
const coded = (code: string | null): ReactNode => (code === null ? null : <Typography.Text className="hub-code" copyable style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>{code}</Typography.Text>);

function addressFacts(one: NonNullable<AddressFactsQuery['standardAddress']>, t: Texts, go: Go): Facts {
  return {
    name: one.fullText ?? one.addressCode ?? '', geometry: one.geometry,
    rows: [
      { label: t.addressCode, value: coded(one.addressCode) },
      { label: t.division, value: one.division?.name },
      { label: t.upTo, value: [one.province, one.city, one.county, one.township, one.village, one.groupNo].filter(Boolean).join(' ') },
      { label: t.street, value: [one.street, one.lane].filter(Boolean).join(' ') },
      { label: t.doorPlate, value: one.doorPlate },
      { label: t.compound, value: one.compound },
      { label: t.indoors, value: [one.buildingNo, one.unit, one.floor, one.room].filter(Boolean).join(' ') },
      { label: t.building, value: go('Building', one.building?.buildingCode, one.building?.name) },
      { label: t.units, value: listed((one.realEstateUnits?.nodes ?? []).map(({ unitNo }) => go('RealEstateUnit', unitNo, unitNo))) },
      { label: t.accuracy, value: one.accuracy },
      { label: t.aliasOf, value: go('StandardAddress', one.aliasOf, one.aliasOf) },
      { label: t.status, value: one.status },
      { label: t.noPoint, value: one.geometry === null ? t.noPointSays : null },
    ],
  };
}

function unitFacts(one: NonNullable<UnitFactsQuery['realEstateUnit']>, t: Texts, go: Go): Facts {
  return {
    name: one.location ?? one.unitNo ?? '', geometry: one.geometry,
    rows: [
      { label: t.unitNo, value: coded(one.unitNo) },
      { label: t.location, value: one.location },
      { label: t.area, value: one.area === null ? null : `${one.area} m²` },
      { label: t.use, value: one.useCode },
      { label: t.division, value: one.division?.name },
      { label: t.address, value: go('StandardAddress', one.address?.addressCode, one.address?.fullText) },
      { label: t.building, value: go('Building', one.building?.buildingCode, one.building?.name) },
      { label: t.rights, value: <Typography.Text type="secondary">{t.rightsSay}</Typography.Text> },
      { label: t.noPoint, value: one.geometry === null ? t.noPointSays : null },
    ],
  };
}

function buildingFacts(one: NonNullable<BuildingFactsQuery['building']>, t: Texts, go: Go): Facts {
  return {
    name: one.name ?? one.buildingCode ?? '', geometry: one.geometry,
    rows: [
      { label: t.buildingCode, value: coded(one.buildingCode) },
      { label: t.location, value: one.location },
      { label: t.use, value: one.useCode },
      { label: t.structure, value: one.structureCode },
      { label: t.floors, value: one.floorsAbove === null ? null : t.floorsSay(one.floorsAbove, one.floorsBelow ?? 0) },
      { label: t.height, value: one.height === null ? null : `${one.height} m` },
      { label: t.grossArea, value: one.grossArea === null ? null : `${one.grossArea} m²` },
      { label: t.completedOn, value: one.completedOn },
      { label: t.division, value: one.division?.name },
      { label: t.addresses, value: listed((one.addresses?.nodes ?? []).map(({ addressCode, fullText }) => go('StandardAddress', addressCode, fullText))) },
      { label: t.units, value: listed((one.realEstateUnits?.nodes ?? []).map(({ unitNo }) => go('RealEstateUnit', unitNo, unitNo))) },
      { label: t.status, value: one.status },
      { label: t.noPoint, value: one.geometry === null ? t.noPointSays : null },
    ],
  };
}

function placeNameFacts(one: NonNullable<PlaceNameFactsQuery['placeName']>, t: Texts): Facts {
  return {
    name: one.standardName ?? one.placeCode ?? '', geometry: one.geometry,
    rows: [
      { label: t.placeCode, value: coded(one.placeCode) },
      { label: t.romanName, value: one.romanName },
      { label: t.nameTibetan, value: one.nameTibetan === null ? null : <span lang="bo">{one.nameTibetan}</span> },
      { label: t.category, value: one.categoryCode },
      { label: t.meaning, value: one.meaning },
      { label: t.origin, value: one.origin },
      { label: t.establishedOn, value: one.establishedOn },
      { label: t.division, value: one.division?.name },
      { label: t.status, value: one.status },
      { label: t.noPoint, value: one.geometry === null ? t.noPointSays : null },
    ],
  };
}

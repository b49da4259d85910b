/**
 * The divisions on a map, with how many records of a type lie in each, down to the villages and up again; what is about persons comes in
 * tens. And where an address, a real estate unit, a building or a place lies: only what is open to whoever is registered.
 */
import { ArrowUpOutlined } from '@ant-design/icons';
import { Button, Card, Col, Flex, Row, Select, Table, Typography } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useAsk } from '../../api/ask.ts';
import type { DivisionsQuery } from '../../generated/graphql.ts';
import { momentOf, numberOf, useText, useTexts } from '../../language/language.tsx';
import { libraryNames, recordTypeNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { Divisions } from './documents.ts';
import type { Drawn, Hit } from './drawing.tsx';
import { FactsShown, useFacts } from './facts.tsx';
import type { Facts } from './facts.tsx';
import { FindBox, Finds, kinds } from './finds.tsx';
import type { Chosen } from './finds.tsx';
import { Pointed } from './pointed.tsx';
import { polygonsOf, strokesOf } from './projection.ts';
import { shadeOf, shadeOfFew, stepsOf } from './shades.ts';
import type { Step } from './shades.ts';
import { texts } from './texts.ts';
import { wantedOf } from './wanted.ts';

type Division = DivisionsQuery['divisionFigures']['divisions'][number];

/** Villages have nothing below them. */
const lowest = 5;
const usual = 'Person';

export default function MapRoom(): ReactNode {
  const t = useTexts(texts);
  const [search, setSearch] = useSearchParams();
  const answer = useAsk(Divisions, { parentCode: search.get('in') });
  const go = (changed: Readonly<Record<string, string | null>>): void => setSearch((before) => {
    for (const [name, value] of Object.entries(changed)) {
      if (value === null || value === '') before.delete(name);
      else before.set(name, value);
    }
    return before;
  });
  return (
    <Page title={t.title} about={t.about}>
      <Answered by={answer} rows={12}>{(shown) => <Shown shown={shown} type={search.get('type') ?? usual} words={search.get('find') ?? ''} chosen={chosenOf(search.get('hit'))} go={go} />}</Answered>
    </Page>
  );
}

/** What is chosen, as the address says it. */
function chosenOf(hit: string | null): Chosen | null {
  const kind = kinds.find((one) => hit?.startsWith(`${one}:`));
  return kind === undefined || hit === null ? null : { kind, code: hit.slice(kind.length + 1) };
}

interface ShownProps {
  readonly shown: DivisionsQuery;
  readonly type: string;
  readonly words: string;
  readonly chosen: Chosen | null;
  readonly go: (changed: Readonly<Record<string, string | null>>) => void;
}

function Shown({ shown: { divisionFigures: { countedAt, divisions }, divisionShapes }, type, words, chosen, go }: ShownProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const [lit, setLit] = useState<string | null>(null);
  const [own, ...below] = divisions;
  const inTens = own?.figures.find(({ recordType }) => recordType === type)?.inTens === true;
  const nameOf = (one: string): string => text(recordTypeNames[one] ?? { zh: one, en: one });
  const says = (count: number | null): string => (count === null ? t.few : inTens ? t.about10(numberOf(count)) : numberOf(count));
  const steps = useMemo(() => stepsOf(below.map((one) => countOf(one, type)).filter((count) => count !== null)), [below, type]);
  const shapes = useMemo(() => new Map(divisionShapes.map(({ divisionCode, geometry, drawnFrom }) => [divisionCode, { shape: polygonsOf(geometry), hull: drawnFrom === 'ADDRESSES' }])), [divisionShapes]);
  const drawn = below.flatMap((one): Drawn[] => {
    const { shape = null, hull = false } = shapes.get(one.divisionCode) ?? {};
    const count = countOf(one, type);
    return shape === null ? [] : [{ code: one.divisionCode, name: one.name, shape, hull, fill: shadeOf(steps, count), says: says(count) }];
  });
  const undrawn = below.filter(({ divisionCode }) => (shapes.get(divisionCode)?.shape ?? null) === null);
  const outline = own === undefined || shapes.get(own.divisionCode)?.hull === true ? null : shapes.get(own.divisionCode)?.shape ?? null;
  const leaves = below.every(({ level }) => level >= lowest);
  const enter = (code: string): void => go({ in: code, hit: null });
  const choose = (next: Chosen): void => go({ hit: `${next.kind}:${next.code}` });
  const facts = useFacts(chosen, choose);
  const hit = useMemo(() => (chosen === null ? placeOf(words) : hitOf(facts.facts)), [chosen, words, facts.facts]);
  const none = <Nothing what={below.length === 0 ? t.noBelow : t.noShapes} {...(below.length === 0 ? {} : { next: t.noShapesNext })} />;
  return (
    <Card>
      <Flex gap={12} align="center" wrap style={{ marginBottom: 12 }}>
        <Typography.Title level={2} style={{ fontSize: 16, margin: 0 }}>{own?.name}</Typography.Title>
        {own !== undefined && <Typography.Text className="hub-number">{t.all} <strong>{says(countOf(own, type))}</strong></Typography.Text>}
        {own !== undefined && own.parentCode !== null && own.level > 3 && <Link to={`?in=${own.parentCode}&type=${type}`}><Button icon={<ArrowUpOutlined />} tabIndex={-1}>{t.up}</Button></Link>}
        <Select showSearch={{ optionFilterProp: 'label' }} aria-label={t.shown} value={type} style={{ width: 190 }} onChange={(next) => go({ type: next })} options={libraries(own, (registry) => text(libraryNames[registry as keyof typeof libraryNames] ?? { zh: registry, en: registry }), nameOf)} />
        <Typography.Text type="secondary">{inTens ? t.tensNote : t.exactNote} {countedAt === null ? t.notCounted : <span className="hub-date">{t.countedAt(momentOf(countedAt))}</span>}</Typography.Text>
      </Flex>
      <Flex gap={12} align="flex-start" wrap style={{ marginBottom: 16 }}>
        <FindBox words={words} onWords={(next) => go({ find: next, hit: null })} />
        {(words !== '' || chosen !== null) && <Button onClick={() => go({ find: null, hit: null })}>{t.stopFinding}</Button>}
      </Flex>
      <Row gutter={[20, 16]}>
        <Col xs={24} xl={chosen === null ? 15 : 11}>
          <Pointed
            key={chosen === null ? hit?.name ?? '' : chosen.code} none={none} label={t.mapLabel(own?.name ?? '', nameOf(type))} divisions={drawn} outline={outline} hit={hit} lit={lit} onLight={setLit}
            addressOf={leaves ? null : (code) => `?in=${code}&type=${type}`} onEnter={enter} onPoint={([lon, lat]) => go({ find: `${lon.toFixed(6)}, ${lat.toFixed(6)}`, hit: null })}
          />
          <Legend steps={steps} few={inTens} />
          {drawn.some(({ hull }) => hull) && <Typography.Paragraph type="secondary" style={{ margin: '4px 0 0' }}>{t.hulls}</Typography.Paragraph>}
          {drawn.length > 0 && undrawn.length > 0 && <Typography.Paragraph type="secondary" style={{ margin: '4px 0 0' }}>{t.undrawn(undrawn.map(({ name }) => name).join('、'))}</Typography.Paragraph>}
          <Typography.Paragraph type="secondary" style={{ margin: '4px 0 0' }}>{t.openOnly}</Typography.Paragraph>
        </Col>
        {chosen !== null && <Col xs={24} xl={words === '' ? 13 : 7}><FactsShown chosen={chosen} asked={facts} /></Col>}
        {own !== undefined && words !== '' && <Col xs={24} xl={chosen === null ? 9 : 6}><Finds key={words} words={words} division={own} chosen={chosen} onChoose={choose} /></Col>}
        {words === '' && chosen === null && <Col xs={24} xl={9}><Counts below={below} type={type} says={says} lit={lit} onLight={setLit} onEnter={leaves ? null : enter} /></Col>}
      </Row>
    </Card>
  );
}

/** A place that somebody pointed at or wrote down; null: something else was written. */
function placeOf(words: string): Hit | null {
  const wanted = wantedOf(words);
  return wanted.kind === 'place' ? { name: wanted.at.join(', '), strokes: { areas: [], lines: [], points: [wanted.at] } } : null;
}

/** What is drawn of a record; null: there is nothing to draw. */
function hitOf(facts: Facts | null): Hit | null {
  const strokes = strokesOf(facts?.geometry);
  return facts === null || strokes === null ? null : { name: facts.name, strokes };
}

interface CountsProps {
  readonly below: readonly Division[];
  readonly type: string;
  readonly says: (count: number | null) => string;
  readonly lit: string | null;
  readonly onLight: (code: string | null) => void;
  readonly onEnter: ((code: string) => void) | null;
}

function Counts({ below, type, says, lit, onLight, onEnter }: CountsProps): ReactNode {
  const t = useTexts(texts);
  const columns: TableColumnsType<Division> = [
    { title: t.division, dataIndex: 'name', sorter: (a, b) => a.name.localeCompare(b.name, 'zh'), render: (name: string, { divisionCode }) => (onEnter === null ? name : <Typography.Link onClick={() => onEnter(divisionCode)} href={`?in=${divisionCode}&type=${type}`} onClickCapture={(event) => event.preventDefault()}>{name}</Typography.Link>) },
    { title: t.count, key: 'count', width: 120, align: 'right', className: 'hub-number', defaultSortOrder: 'descend', sorter: (a, b) => (countOf(a, type) ?? -1) - (countOf(b, type) ?? -1), render: (_value, one) => says(countOf(one, type)) },
  ];
  return (
    <Table<Division>
      key={type} size="small" rowKey="divisionCode" columns={columns} dataSource={[...below]} pagination={false} locale={{ emptyText: <Nothing what={t.noBelow} /> }}
      onRow={({ divisionCode }) => ({ onMouseEnter: () => onLight(divisionCode), onMouseLeave: () => onLight(null), style: lit === divisionCode ? { background: '#fdf4e3' } : {} })}
    />
  );
}

function Legend({ steps, few }: { readonly steps: readonly Step[]; readonly few: boolean }): ReactNode {
  const t = useTexts(texts);
  const swatch = (shade: string, says: string): ReactNode => <Flex component="li" key={says} align="center" gap={6}><span style={{ width: 18, height: 12, background: shade, border: '1px solid #5b6573' }} />{says}</Flex>;
  return (
    <Flex component="ul" gap={14} wrap aria-label={t.legend} style={{ margin: '10px 0 0', padding: 0, listStyle: 'none' }}>
      {few && swatch(shadeOfFew, t.few)}
      {steps.map(({ shade, from, to }) => swatch(shade, from === to ? numberOf(to) : `${numberOf(from)} – ${numberOf(to)}`))}
    </Flex>
  );
}

function countOf({ figures }: Division, type: string): number | null {
  const count = figures.find(({ recordType }) => recordType === type)?.count ?? null;
  return count === null ? null : Number(count);
}

/** Record types to choose from, under their libraries. */
function libraries(own: Division | undefined, libraryName: (registry: string) => string, typeName: (type: string) => string) {
  return [...Map.groupBy(own?.figures ?? [], ({ registry }) => registry)].map(([registry, figures]) => ({ label: libraryName(registry), title: registry, options: figures.map(({ recordType }) => ({ value: recordType, label: typeName(recordType) })) }));
}

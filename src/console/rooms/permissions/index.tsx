/**
 * Field permissions: what every application may have of every item of a library, why, since when; and how that is changed.
 */
import type { QueryClient } from '@tanstack/react-query';
import { Alert, Button, Card, DatePicker, Flex, Segmented, Select, Switch, Tooltip } from 'antd';
import dayjs from 'dayjs';
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { askAhead, useAsk } from '../../api/ask.ts';
import type { CellState, Mode, Registry, ShareType } from '../../generated/enums.ts';
import { numberOf, useText, useTexts } from '../../language/language.tsx';
import { useDirectory } from '../../parts/directory.ts';
import { modeNames, registryNames, shareTypeNames } from '../../parts/names.ts';
import { Nothing } from '../../parts/nothing.tsx';
import { Page } from '../../parts/page.tsx';
import { Answered } from '../../parts/problem.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { CellDrawer } from './cell-drawer.tsx';
import type { Opened } from './cell-drawer.tsx';
import { askedBy, choiceIn, endOf, useChoice } from './choice.ts';
import type { Asked, Choice } from './choice.ts';
import { FieldPermissionChanges, FieldPermissions } from './documents.ts';
import { Grid } from './grid.tsx';
import type { GridContent, Place } from './grid.tsx';
import { lookOf, signOf, StateMark, stateNames, states } from './states.tsx';
import { texts } from './texts.ts';
import { useView } from './view.ts';
import type { Answer, View } from './view.ts';
import { WhyCard } from './why.tsx';
import type { Looked } from './why.tsx';

/** The libraries as the contract calls them, by the letters of their items. */
const registries: Readonly<Record<Registry, string>> = { POPULATION: 'RK', LEGAL_ENTITIES: 'FR', SPATIAL: 'KJ', CERTIFICATES: 'ZZ', CREDIT: 'XY' };

type Choose = ReturnType<typeof useChoice>['choose'];

/** The matrix at an address. */
export const askFirst = (queries: QueryClient, search: URLSearchParams): void => askAhead(queries, FieldPermissions, askedBy(choiceIn(search)));

/** The room. */
export default function PermissionsRoom(): ReactNode {
  const t = useTexts(texts);
  const { choice, choose, clear } = useChoice();
  const { registry, mode, day } = choice;
  const asked = useMemo(() => askedBy({ registry, mode, day }), [registry, mode, day]);
  const answer = useAsk(FieldPermissions, asked);
  const changes = useAsk(FieldPermissionChanges, { registry: asked.registry, mode, from: endOf(choice.since) ?? '', to: asked.at }, { when: choice.since !== '' });
  const told = choice.since === '' ? undefined : changes.data?.fieldPermissionChanges ?? undefined;
  const matrix = answer.data?.fieldPermissions ?? undefined;
  const view = useView(matrix, told, useDeferredValue(choice));
  return (
    <Page title={t.title} about={matrix && t.about(matrix.items.length, matrix.consumers.length)}>
      <Card styles={{ body: { padding: 12 } }}>
        <Toolbar choice={choice} choose={choose} clear={clear} matrix={matrix} />
        {choice.day !== '' && <Alert type="info" showIcon title={t.asOf(choice.day)} action={<Button size="small" onClick={() => choose({ day: '' })}>{t.today}</Button>} style={{ marginBlockEnd: 8 }} />}
        {view !== undefined && told !== undefined && <output style={{ display: 'block', marginBlockEnd: 8 }}>{t.changedSince(view.changed, choice.since)}</output>}
        <Answered by={answer} rows={12}>
          {() => view && matrix && <Matrix view={view} matrix={matrix} asked={asked} choice={choice} choose={choose} clear={clear} />}
        </Answered>
      </Card>
    </Page>
  );
}

interface ToolbarProps {
  readonly choice: Choice;
  readonly choose: Choose;
  readonly clear: () => void;
  readonly matrix: Answer | undefined;
}

function Toolbar({ choice, choose, clear, matrix }: ToolbarProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const owners = useMemo(() => [...new Set(matrix?.items.map(({ ownerDepartmentCode }) => ownerDepartmentCode))].sort(), [matrix]);
  // Names of departments are for a filter: the matrix comes first.
  const names = useDirectory(matrix !== undefined);
  const filtered = [choice.q, choice.owner, choice.share, choice.who, choice.state].some((own) => own !== '') || choice.onlyChanged;
  return (
    <>
      <Flex gap={12} wrap align="center" style={{ marginBlockEnd: 8 }}>
        <Segmented<Registry | ''> aria-label={t.registry} value={choice.registry} onChange={(registry) => choose({ registry })} options={[...(Object.keys(registries) as Registry[]).map((value) => ({ value, label: text(registryNames[registries[value]] ?? { zh: value, en: value }) })), { value: '' as const, label: t.all }]} />
        <Segmented<Mode> aria-label={t.mode} value={choice.mode} onChange={(mode) => choose({ mode })} options={(Object.keys(modeNames) as Mode[]).map((value) => ({ value, label: text(modeNames[value]) }))} />
        <DatePicker aria-label={t.day} placeholder={t.day} value={choice.day === '' ? null : dayjs(choice.day)} onChange={(day: dayjs.Dayjs | null) => choose({ day: day?.format('YYYY-MM-DD') ?? '' })} disabledDate={(day) => day.isAfter(dayjs().subtract(1, 'day'), 'day')} />
        <DatePicker aria-label={t.since} placeholder={t.since} value={choice.since === '' ? null : dayjs(choice.since)} onChange={(day: dayjs.Dayjs | null) => choose({ since: day?.format('YYYY-MM-DD') ?? '', ...(day === null ? { onlyChanged: false } : {}) })} disabledDate={(day) => day.isAfter(dayjs().subtract(1, 'day'), 'day')} />
        {choice.since !== '' && <Flex gap={6} align="center"><Switch size="small" aria-label={t.onlyChanged} checked={choice.onlyChanged} onChange={(onlyChanged) => choose({ onlyChanged })} /><span>{t.onlyChanged}</span></Flex>}
      </Flex>
      <Flex gap={8} wrap align="center" style={{ marginBlockEnd: 8 }}>
        <SearchBox label={t.search} words={choice.q} onWords={(q) => choose({ q })} />
        <SearchBox label={t.searchWho} words={choice.who} onWords={(who) => choose({ who })} width={250} />
        <Select allowClear placeholder={t.owner} aria-label={t.owner} value={choice.owner || undefined} onChange={(owner?: string) => choose({ owner: owner ?? '' })} options={owners.map((value) => ({ value, label: names.department(value) }))} style={{ width: 150 }} />
        <Select<ShareType> allowClear placeholder={t.share} aria-label={t.share} value={choice.share || undefined as never} onChange={(share?: ShareType) => choose({ share: share ?? '' })} options={(Object.keys(shareTypeNames) as ShareType[]).map((value) => ({ value, label: text(shareTypeNames[value]) }))} style={{ width: 128 }} />
        <Select<CellState> allowClear placeholder={t.state} aria-label={t.state} value={choice.state || undefined as never} onChange={(state?: CellState) => choose({ state: state ?? '' })} options={stateNames.map((value) => ({ value, label: text(states[value].name) }))} style={{ width: 120 }} />
        <Select mode="multiple" maxTagCount={1} placeholder={t.pinned} aria-label={t.pinned} value={[...choice.pinned]} onChange={(pinned: string[]) => choose({ pinned: pinned.slice(0, 6) })} showSearch={{ optionFilterProp: 'label' }} options={(matrix?.consumers ?? []).map(({ code, name }) => ({ value: code, label: `${name} ${code}` }))} style={{ width: 210 }} />
        {filtered && <Button type="link" onClick={clear}>{t.clear}</Button>}
      </Flex>
    </>
  );
}

interface MatrixProps {
  readonly view: View;
  readonly matrix: Answer;
  readonly asked: Asked;
  readonly choice: Choice;
  readonly choose: Choose;
  readonly clear: () => void;
}

function Matrix({ view, matrix, asked, choice, choose, clear }: MatrixProps): ReactNode {
  const t = useTexts(texts);
  const text = useText();
  const gridRef = useRef<HTMLDivElement>(null);
  const [looked, setLooked] = useState<Looked | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const content = useMemo((): GridContent => ({
    rows: view.items.length, columns: view.consumers.length, pinned: view.pinned,
    rowKey: (row) => view.items[row]?.code ?? '',
    rowHead: (row) => ({ code: view.items[row]?.code ?? '', name: view.items[row]?.name ?? '' }),
    columnHead: (column) => ({ name: view.consumers[column]?.name ?? '', title: `${view.consumers[column]?.name} ${view.consumers[column]?.code}（${view.consumers[column]?.departmentName}）` }),
    cell: (row, column) => {
      const mark = view.mark(row, column);
      const changed = view.before(row, column) !== undefined;
      const state = mark.denial === null ? text(states[mark.state].name) : t.denied;
      return { sign: text(signOf(mark)), look: lookOf(mark), changed, label: `${t.cell(view.items[row]?.name ?? '', view.consumers[column]?.name ?? '', state)}${changed ? t.cellChanged : ''}` };
    },
  }), [view, text, t]);
  const cellAt = useCallback(({ row, column }: Place): Opened | null => {
    const [item, consumer] = [view.items[row], view.consumers[column]];
    return item === undefined || consumer === undefined ? null : { item, consumer, mark: view.mark(row, column), before: view.before(row, column) };
  }, [view]);
  const onLook = useCallback((place: Place | null, element: HTMLElement | null) => {
    const cell = place === null ? null : cellAt(place);
    setLooked(cell === null || element === null ? null : { ...cell, rect: element.getBoundingClientRect() });
  }, [cellAt]);
  const onOpen = useCallback((place: Place) => {
    setLooked(null);
    setOpened(cellAt(place));
  }, [cellAt]);
  if (view.items.length === 0 || view.consumers.length === 0) {
    return matrix.items.length === 0
      ? <Nothing what={t.nothingOwn} next={t.nothingOwnNext} />
      : <Nothing what={t.nothing} next={t.nothingNext} action={<Button onClick={clear}>{t.clear}</Button>} />;
  }
  return (
    <>
      <Flex gap={14} wrap align="center" style={{ marginBlockEnd: 8, fontSize: 13 }}>
        {stateNames.map((state) => (
          <Tooltip key={state} title={text(states[state].means)}>
            <Button type="text" size="small" aria-pressed={choice.state === state} onClick={() => choose({ state: choice.state === state ? '' : state })} style={{ paddingInline: 4 }}>
              <StateMark mark={{ state, denial: null }} />{text(states[state].name)} {numberOf(view.counts[state])}
            </Button>
          </Tooltip>
        ))}
      </Flex>
      <Grid content={content} label={t.gridLabel} corner={t.corner} height="max(360px, calc(100vh - 300px))" onOpen={onOpen} onLook={onLook} gridRef={gridRef} />
      {looked !== null && opened === null && <WhyCard key={looked.consumer.code} {...looked} asked={asked} />}
      <CellDrawer cell={opened} asked={asked} onClose={() => setOpened(null)} onClosed={() => gridRef.current?.focus()} />
    </>
  );
}

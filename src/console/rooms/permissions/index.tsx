/**
 * Field permissions: what every application may have of every item of a library, why, since when; and how that is changed.
 */
import { Alert, Button, Card, DatePicker, Flex, Segmented, Select, Switch, Tooltip } from 'antd';
import dayjs from 'dayjs';
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useAsk } from '../../api/ask.ts';
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
import { endOf, useChoice } from './choice.ts';
import type { Choice } from './choice.ts';
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

/** The room. */
export default function PermissionsRoom(): ReactNode {
  const t = useTexts(texts);
  const { choice, choose, clear } = useChoice();
  const registry = choice.registry === '' ? null : choice.registry;
  const answer = useAsk(FieldPermissions, { registry, mode: choice.mode, at: endOf(choice.day) });
  const changes = useAsk(FieldPermissionChanges, { registry, mode: choice.mode, from: endOf(choice.since) ?? '', to: endOf(choice.day) }, { when: choice.since !== '' });
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
          {() => view && matrix && <Matrix view={view} matrix={matrix} choice={choice} choose={choose} clear={clear} />}
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
  const names = useDirectory();
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
  readonly choice: Choice;
  readonly choose: Choose;
  readonly clear: () => void;
}

function Matrix({ view, matrix, choice, choose, clear }: MatrixProps): ReactNode {
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
      const reason = view.reason(row, column);
      const changed = view.before(row, column) !== undefined;
      const state = reason.denial === null ? text(states[reason.state].name) : t.denied;
      return { sign: text(signOf(reason)), look: lookOf(reason), changed, label: `${t.cell(view.items[row]?.name ?? '', view.consumers[column]?.name ?? '', state)}${changed ? t.cellChanged : ''}` };
    },
  }), [view, text, t]);
  const cellAt = useCallback(({ row, column }: Place): Opened | null => {
    const [item, consumer] = [view.items[row], view.consumers[column]];
    return item === undefined || consumer === undefined ? null : { item, consumer, reason: view.reason(row, column), before: view.before(row, column) };
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
              <StateMark reason={{ state, denial: null }} />{text(states[state].name)} {numberOf(view.counts[state])}
            </Button>
          </Tooltip>
        ))}
      </Flex>
      <Grid content={content} label={t.gridLabel} corner={t.corner} height="max(360px, calc(100vh - 300px))" onOpen={onOpen} onLook={onLook} gridRef={gridRef} />
      {looked !== null && opened === null && <WhyCard {...looked} />}
      <CellDrawer cell={opened} mode={choice.mode} past={choice.day !== ''} onClose={() => setOpened(null)} onClosed={() => gridRef.current?.focus()} />
    </>
  );
}

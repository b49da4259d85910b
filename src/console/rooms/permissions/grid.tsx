/**
 * A grid of thousands of cells, of which those in sight are in the page, and a margin around them. Every place is computed: rows and
 * columns have one size each. What comes into sight by a scroll is put in before the frame is painted, so no frame is blank.
 *
 * Keyboard as WAI-ARIA's grid has it: arrows move the active cell, Home and End along the row, with Ctrl to the corners, Page Up and
 * Page Down by what is in sight, Enter opens it. It knows nothing of permissions.
 */
/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a table is laid out by the browser; here every place is computed */
import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent, ReactNode, RefObject } from 'react';
import { flushSync } from 'react-dom';
import './grid.css';

/** What stands in one cell. Made for each cell in sight, again and again: it has to be cheap. */
export interface CellLook {
  readonly sign: string;
  /** A class of grid.css. */
  readonly look: string;
  readonly changed: boolean;
  /** What a screen reader says. */
  readonly label: string;
}

/** What a grid shows. Another object is another content. */
export interface GridContent {
  readonly rows: number;
  readonly columns: number;
  /** So many of the columns stay in sight. */
  readonly pinned: number;
  readonly rowKey: (row: number) => string;
  readonly rowHead: (row: number) => { readonly code: string; readonly name: string };
  readonly columnHead: (column: number) => { readonly name: string; readonly title: string };
  readonly cell: (row: number, column: number) => CellLook;
}

/** A cell of the grid. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

interface GridProps {
  readonly content: GridContent;
  readonly label: string;
  readonly corner: string;
  readonly height: string;
  readonly onOpen: (place: Place) => void;
  /** A cell is looked at, by pointer or by keyboard; null: none is. */
  readonly onLook: (place: Place | null, element: HTMLElement | null) => void;
  readonly gridRef: RefObject<HTMLDivElement | null>;
}

/** Sizes in pixels, and how many rows and columns are put in at a time, and beyond what is in sight. */
const size = { row: 28, column: 34, head: 148, item: 268 } as const;
const step = 4;
const beyond = 6;

/** What is in the page. */
interface Span {
  readonly firstRow: number;
  readonly lastRow: number;
  readonly firstColumn: number;
  readonly lastColumn: number;
}

const idOf = ({ row, column }: Place): string => `cell-${row}-${column}`;
const fixedWidth = (pinned: number): number => size.item + pinned * size.column;

function spanOf(box: HTMLElement, { rows, columns, pinned }: GridContent): Span {
  const from = (at: number, each: number): number => Math.max(0, Math.floor(at / each / step) * step - beyond);
  const to = (at: number, each: number, most: number): number => Math.min(most, Math.ceil(at / each / step) * step + beyond);
  const width = box.clientWidth - fixedWidth(pinned);
  return {
    firstRow: from(box.scrollTop, size.row), lastRow: to(box.scrollTop + box.clientHeight - size.head, size.row, rows),
    firstColumn: pinned + from(box.scrollLeft, size.column), lastColumn: Math.max(pinned, pinned + to(box.scrollLeft + width, size.column, columns - pinned)),
  };
}

const same = (a: Span, b: Span): boolean => a.firstRow === b.firstRow && a.lastRow === b.lastRow && a.firstColumn === b.firstColumn && a.lastColumn === b.lastColumn;

/** See the head of this file. */
export const Grid = memo(function Grid({ content, label, corner, height, onOpen, onLook, gridRef }: GridProps): ReactNode {
  const { rows, columns, pinned } = content;
  const [looked, setSpan] = useState<Span>({ firstRow: 0, lastRow: 0, firstColumn: 0, lastColumn: 0 });
  // What was looked at may be of a larger content.
  const span: Span = { firstRow: looked.firstRow, lastRow: Math.min(looked.lastRow, rows), firstColumn: Math.max(pinned, looked.firstColumn), lastColumn: Math.min(looked.lastColumn, columns) };
  const [chosen, setChosen] = useState<Place>({ row: 0, column: 0 });
  const byKey = useRef(false);
  const scrolledByKey = useRef(false);
  const active: Place = { row: Math.min(chosen.row, rows - 1), column: Math.min(chosen.column, columns - 1) };
  const look = useCallback((): void => {
    const box = gridRef.current;
    if (box === null) return;
    const next = spanOf(box, content);
    setSpan((before) => (same(before, next) ? before : next));
  }, [content, gridRef]);
  useLayoutEffect(look, [look]);
  useEffect(() => {
    const box = gridRef.current;
    if (box === null) return undefined;
    // Within the event: what is painted next has its cells.
    const onScroll = (): void => {
      if (!scrolledByKey.current) onLook(null, null);
      scrolledByKey.current = false;
      flushSync(look);
    };
    box.addEventListener('scroll', onScroll, { passive: true });
    const watch = new ResizeObserver(() => look());
    watch.observe(box);
    return () => {
      box.removeEventListener('scroll', onScroll);
      watch.disconnect();
    };
  }, [look, onLook, gridRef]);
  // Whoever moves by keyboard is told why the cell is as it is, when it is there.
  useEffect(() => {
    if (!byKey.current) return;
    byKey.current = false;
    onLook(chosen, document.getElementById(idOf(chosen)));
  }, [chosen, onLook]);

  const move = (place: Place): void => {
    const next = { row: Math.max(0, Math.min(rows - 1, place.row)), column: Math.max(0, Math.min(columns - 1, place.column)) };
    byKey.current = true;
    scrolledByKey.current = reveal(gridRef.current, next, pinned);
    flushSync(look);
    setChosen({ ...next });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(((gridRef.current?.clientHeight ?? 0) - size.head) / size.row) - 1);
    const { row, column } = active;
    const moves: Readonly<Record<string, Place>> = {
      ArrowDown: { row: row + 1, column }, ArrowUp: { row: row - 1, column }, ArrowRight: { row, column: column + 1 }, ArrowLeft: { row, column: column - 1 },
      PageDown: { row: row + page, column }, PageUp: { row: row - page, column },
      Home: { row: event.ctrlKey ? 0 : row, column: 0 }, End: { row: event.ctrlKey ? rows - 1 : row, column: columns - 1 },
    };
    const next = moves[event.key];
    if (next !== undefined) move(next);
    else if (event.key === 'Enter' || event.key === ' ') onOpen(active);
    else if (event.key === 'Escape') onLook(null, null);
    else return;
    event.preventDefault();
  };
  const placeOf = (target: EventTarget): { readonly place: Place; readonly element: HTMLElement } | null => {
    const element = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null;
    return element === null ? null : { element, place: { row: Number(element.dataset['row']), column: Number(element.dataset['column']) } };
  };
  const visible: number[] = [];
  for (let row = span.firstRow; row < span.lastRow; row += 1) visible.push(row);
  const width = fixedWidth(columns);
  return (
    <div
      ref={gridRef} className="hub-grid" role="grid" tabIndex={0} aria-label={label} aria-rowcount={rows + 1} aria-colcount={columns + 1} aria-activedescendant={idOf(active)} style={{ height }}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const found = placeOf(event.target);
        if (found === null) return;
        setChosen(found.place);
        onOpen(found.place);
      }}
      onPointerOver={(event) => {
        const found = placeOf(event.target);
        onLook(found?.place ?? null, found?.element ?? null);
      }}
      onPointerLeave={() => onLook(null, null)}
    >
      <div className="hub-grid-all" role="presentation" style={{ width, height: size.head + rows * size.row }}>
        <Head content={content} corner={corner} first={span.firstColumn} last={span.lastColumn} width={width} />
        {visible.map((row) => <Row key={content.rowKey(row)} content={content} row={row} first={span.firstColumn} last={span.lastColumn} width={width} active={active.row === row ? active.column : -1} />)}
      </div>
    </div>
  );
});

/** Scrolls as little as brings a cell into sight; tells whether that was anything. */
function reveal(box: HTMLElement | null, { row, column }: Place, pinned: number): boolean {
  if (box === null) return false;
  const { scrollTop, scrollLeft } = box;
  const top = row * size.row;
  const inSight = box.clientHeight - size.head;
  box.scrollTop = Math.min(top, Math.max(scrollTop, top + size.row - inSight));
  if (column >= pinned) {
    const left = (column - pinned) * size.column;
    box.scrollLeft = Math.min(left, Math.max(scrollLeft, left + size.column - (box.clientWidth - fixedWidth(pinned))));
  }
  return box.scrollTop !== scrollTop || box.scrollLeft !== scrollLeft;
}

const at = (column: number): CSSProperties => ({ left: size.item + column * size.column, width: size.column });

interface LineProps {
  readonly content: GridContent;
  readonly first: number;
  readonly last: number;
  readonly width: number;
}

const Head = memo(function Head({ content, corner, first, last, width }: LineProps & { readonly corner: string }): ReactNode {
  const head = (column: number): ReactNode => {
    const { name, title } = content.columnHead(column);
    return <div key={column} role="columnheader" aria-colindex={column + 2} className="hub-grid-column" title={title} style={at(column)}><span>{name}</span></div>;
  };
  return (
    <div role="row" aria-rowindex={1} className="hub-grid-head" style={{ width, height: size.head }}>
      <div role="presentation" className="hub-grid-fixed" style={{ width: fixedWidth(content.pinned) }}>
        <div role="columnheader" aria-colindex={1} className="hub-grid-item" style={{ width: size.item, alignItems: 'flex-end', paddingBlockEnd: 8 }}>{corner}</div>
        {spread(0, content.pinned).map(head)}
      </div>
      {spread(first, last).map(head)}
    </div>
  );
});

const Row = memo(function Row({ content, row, first, last, width, active }: LineProps & { readonly row: number; readonly active: number }): ReactNode {
  const { code, name } = content.rowHead(row);
  const cell = (column: number): ReactNode => {
    const { sign, look, changed, label } = content.cell(row, column);
    return (
      <div
        key={column} id={idOf({ row, column })} role="gridcell" aria-colindex={column + 2} aria-label={label} data-row={row} data-column={column} style={at(column)}
        className={`hub-grid-cell hub-cell-${look}${changed ? ' hub-grid-changed' : ''}${active === column ? ' hub-grid-active' : ''}`}
      >{sign}</div>
    );
  };
  return (
    <div role="row" aria-rowindex={row + 2} className="hub-grid-row" style={{ top: size.head + row * size.row, width, height: size.row }}>
      <div role="presentation" className="hub-grid-fixed" style={{ width: fixedWidth(content.pinned) }}>
        <div role="rowheader" aria-colindex={1} className="hub-grid-item" style={{ width: size.item }} title={`${name} ${code}`}><span className="hub-code">{code}</span><span className="hub-grid-item-name">{name}</span></div>
        {spread(0, content.pinned).map(cell)}
      </div>
      {spread(first, last).map(cell)}
    </div>
  );
});

const spread = (first: number, last: number): readonly number[] => Array.from({ length: Math.max(0, last - first) }, (_one, place) => first + place);

/**
 * The map itself: one path a division, filled by its count, with its name where there is room. Each that has something below it is a link,
 * for the mouse and for the keyboard; the list beside the map says the same in words. A hit is drawn over them, with what stands around it.
 */
import { Typography } from 'antd';
import type { ReactNode, MouseEvent } from 'react';
import { useMemo } from 'react';
import { pictureOf } from './projection.ts';
import type { Frame, MultiPolygon, Picture, Position, Strokes } from './projection.ts';
import { isDark } from './shades.ts';

/** A division to draw. */
export interface Drawn {
  readonly code: string;
  readonly name: string;
  readonly shape: MultiPolygon;
  readonly fill: string;
  /** It is drawn around addresses, and has no border. */
  readonly hull: boolean;
  /** Its count, as it is said. */
  readonly says: string;
}

/** Something that was found. */
export interface Hit {
  readonly name: string;
  readonly strokes: Strokes;
}

interface DrawingProps {
  readonly label: string;
  readonly frame: Frame;
  readonly divisions: readonly Drawn[];
  readonly outline: MultiPolygon | null;
  readonly around: readonly MultiPolygon[];
  readonly hit: Hit | null;
  readonly lit: string | null;
  readonly onLight: (code: string | null) => void;
  /** The address of a division; null: nothing lies below, or places are pointed at. */
  readonly addressOf: ((code: string) => string) | null;
  readonly onEnter: (code: string) => void;
  /** Told of a place that somebody points at; null: nobody asks. */
  readonly onPoint: ((at: Position) => void) | null;
}

const border = '#5b6573';
const found = '#a8071a';
/** See the head of this file. */
export function Drawing({ label, frame, divisions, outline, around, hit, lit, onLight, addressOf, onEnter, onPoint }: DrawingProps): ReactNode {
  const picture = useMemo(() => pictureOf(frame), [frame]);
  // The ring around a hit needs room where it lies on the edge.
  const margin = hit === null ? 6 : 26;
  const point = (event: MouseEvent<SVGSVGElement>): void => {
    const from = event.currentTarget.getScreenCTM();
    if (from === null || onPoint === null) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(from.inverse());
    onPoint(picture.positionAt(x, y));
  };
  return (
    <figure aria-label={label} style={{ margin: 0 }}>
    <svg viewBox={`${-margin} ${-margin} ${picture.width + 2 * margin} ${picture.height + 2 * margin}`} style={{ width: '100%', maxHeight: '72vh', display: 'block', ...(onPoint === null ? {} : { cursor: 'crosshair' }) }} {...(onPoint === null ? {} : { onClick: point })}>
      {outline !== null && <path d={picture.pathOf(outline)} fill="none" stroke={border} strokeWidth={3} />}
      {divisions.map(({ code, name, shape, fill, hull, says }) => {
        const path = <path d={picture.pathOf(shape)} fill={fill} stroke={lit === code ? '#8f5400' : border} strokeWidth={lit === code ? 4 : 1.2} {...(hull ? { strokeDasharray: '6 4' } : {})}><title>{`${name}: ${says}`}</title></path>;
        return addressOf === null ? <g key={code}>{path}</g> : (
          <a
            key={code} href={addressOf(code)} aria-label={`${name}: ${says}`} onMouseEnter={() => onLight(code)} onMouseLeave={() => onLight(null)} onFocus={() => onLight(code)} onBlur={() => onLight(null)}
            onClick={(event) => {
              event.preventDefault();
              onEnter(code);
            }}
          >{path}</a>
        );
      })}
      {divisions.map(({ code, name, shape, fill }) => {
        const { x, y, width } = picture.middleOf(shape);
        const size = Math.min(24, Math.max(11, (width * 0.82) / Math.max(name.length, 3)));
        return size * name.length > width * 1.05 ? null : <text key={code} x={x} y={y} fontSize={size} fill={isDark(fill) ? '#fff' : '#1c2430'} textAnchor="middle" dominantBaseline="central" pointerEvents="none" aria-hidden="true">{name}</text>;
      })}
      <g className="hub-around" pointerEvents="none">{around.map((shape) => <path key={picture.pathOf(shape)} d={picture.pathOf(shape)} fill="#fff" fillOpacity={0.7} stroke={border} strokeWidth={1} />)}</g>
      {hit !== null && <HitDrawn hit={hit} picture={picture} />}
    </svg>
    {hit !== null && <figcaption><Typography.Text style={{ color: found }}>● {hit.name}</Typography.Text></figcaption>}
    </figure>
  );
}

/** Its outline, its line or its point; and a ring around it, so that it is seen where the map shows much. */
function HitDrawn({ hit: { name, strokes: { areas, lines, points } }, picture }: { readonly hit: Hit; readonly picture: Picture }): ReactNode {
  const middle = points[0] !== undefined ? picture.placeOf(points[0]) : areas.length > 0 ? picture.middleOf(areas) : lines[0]?.[0] !== undefined ? picture.placeOf(lines[0][Math.floor(lines[0].length / 2)] ?? lines[0][0]) : null;
  const isSmall = areas.length === 0 || picture.middleOf(areas).width < 30;
  return (
    <g className="hub-hit" pointerEvents="none">
      <title>{name}</title>
      {areas.length > 0 && <path d={picture.pathOf(areas)} fill={found} fillOpacity={0.25} stroke={found} strokeWidth={3} />}
      {lines.length > 0 && <path d={picture.lineOf(lines)} fill="none" stroke={found} strokeWidth={4} />}
      {points.map((one) => {
        const { x, y } = picture.placeOf(one);
        return <circle key={one.join()} cx={x} cy={y} r={7} fill={found} stroke="#fff" strokeWidth={2} />;
      })}
      {isSmall && middle !== null && <circle cx={middle.x} cy={middle.y} r={20} fill="none" stroke={found} strokeWidth={3} />}
    </g>
  );
}

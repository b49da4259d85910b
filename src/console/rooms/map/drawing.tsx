/**
 * The map itself: one path a division, filled by its count, with its name where there is room. Each that has something below it is a link,
 * for the mouse and for the keyboard; the list beside the map says the same in words.
 */
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { pictureOf } from './projection.ts';
import type { MultiPolygon } from './projection.ts';
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

interface DrawingProps {
  readonly label: string;
  readonly divisions: readonly Drawn[];
  readonly outline: MultiPolygon | null;
  readonly lit: string | null;
  readonly onLight: (code: string | null) => void;
  /** The address of a division; null: nothing lies below. */
  readonly addressOf: ((code: string) => string) | null;
  readonly onEnter: (code: string) => void;
}

/** See the head of this file. */
export function Drawing({ label, divisions, outline, lit, onLight, addressOf, onEnter }: DrawingProps): ReactNode {
  const picture = useMemo(() => pictureOf([...divisions.map(({ shape }) => shape), ...(outline === null ? [] : [outline])]), [divisions, outline]);
  return (
    <figure aria-label={label} style={{ margin: 0 }}>
    <svg viewBox={`-6 -6 ${picture.width + 12} ${picture.height + 12}`} style={{ width: '100%', maxHeight: '72vh', display: 'block' }}>
      {outline !== null && <path d={picture.pathOf(outline)} fill="none" stroke="#5b6573" strokeWidth={3} />}
      {divisions.map(({ code, name, shape, fill, hull, says }) => {
        const path = <path d={picture.pathOf(shape)} fill={fill} stroke={lit === code ? '#8f5400' : '#5b6573'} strokeWidth={lit === code ? 4 : 1.2} {...(hull ? { strokeDasharray: '6 4' } : {})}><title>{`${name}: ${says}`}</title></path>;
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
    </svg>
    </figure>
  );
}

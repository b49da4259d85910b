/**
 * The map with its frame: the whole of it, or near to what was found, with the buildings around, and out again step by step. Somebody who
 * wants to know what lies at a place points at it.
 */
import { AimOutlined, ZoomInOutlined, ZoomOutOutlined } from '@ant-design/icons';
import { Button, Flex, Tooltip, Typography } from 'antd';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useAskWhole } from '../../api/ask.ts';
import { numberOf, useTexts } from '../../language/language.tsx';
import { BuildingsAround } from './documents.ts';
import { Drawing } from './drawing.tsx';
import type { Drawn, Hit } from './drawing.tsx';
import { around, frameOf, framesOut, metresWide, polygonsOf, positionsOf } from './projection.ts';
import type { MultiPolygon, Position } from './projection.ts';
import { shadeOfFew } from './shades.ts';
import { texts } from './texts.ts';

interface PointedProps {
  /** Shown where there is nothing to draw. */
  readonly none: ReactNode;
  readonly label: string;
  readonly divisions: readonly Drawn[];
  readonly outline: MultiPolygon | null;
  readonly hit: Hit | null;
  readonly lit: string | null;
  readonly onLight: (code: string | null) => void;
  readonly addressOf: ((code: string) => string) | null;
  readonly onEnter: (code: string) => void;
  readonly onPoint: (at: Position) => void;
}

/** A hit is shown in a frame so many times its own, and at least so many metres wide. */
const near = { times: 5, leastMetres: 300 } as const;
/** Buildings are drawn where a frame is no wider. */
const widestWithBuildings = 2500;

/** See the head of this file. */
export function Pointed({ none, divisions, outline, hit, addressOf, onPoint, ...rest }: PointedProps): ReactNode {
  const t = useTexts(texts);
  const [out, setOut] = useState(0);
  const [pointing, setPointing] = useState(false);
  const frames = useMemo(() => {
    const shapes = [...divisions.map(({ shape }) => shape), ...(outline === null ? [] : [outline])].flat().flat().flat();
    const own = hit === null ? null : frameOf(positionsOf(hit.strokes));
    const whole = frameOf([...shapes, ...(own === null ? [] : positionsOf(hit?.strokes ?? { areas: [], lines: [], points: [] }))]);
    if (whole === null) return [];
    if (own === null) return [whole];
    const nearest = around(own, near.times, near.leastMetres);
    // Where no division is drawn, what was found is all there is.
    return shapes.length === 0 ? [nearest] : framesOut(nearest, whole);
  }, [divisions, outline, hit]);
  const step = Math.min(out, frames.length - 1);
  const frame = frames[step];
  const isNear = frame !== undefined && hit !== null && metresWide(frame) <= widestWithBuildings;
  const [west, south, east, north] = frame ?? [0, 0, 0, 0];
  const buildings = useAskWhole(BuildingsAround, { box: { west, south, east, north } }, isNear);
  const stand = useMemo(() => (isNear ? (buildings.data?.data?.buildings?.nodes ?? []).map(({ geometry }) => polygonsOf(geometry)).filter((shape) => shape !== null) : []), [isNear, buildings.data]);
  if (frame === undefined) return none;
  const isWhole = hit === null || ((divisions.length > 0 || outline !== null) && step === frames.length - 1);
  const asks = pointing || !isWhole;
  const metres = metresWide(frame);
  return (
    <>
      <Flex gap={8} align="center" wrap style={{ marginBottom: 8 }} className="hub-screen">
        {hit !== null && (
          <>
            <Tooltip title={t.closer}><Button aria-label={t.closer} icon={<ZoomInOutlined />} disabled={step === 0} onClick={() => setOut(step - 1)} /></Tooltip>
            <Tooltip title={t.farther}><Button aria-label={t.farther} icon={<ZoomOutOutlined />} disabled={step >= frames.length - 1} onClick={() => setOut(step + 1)} /></Tooltip>
          </>
        )}
        <Button icon={<AimOutlined />} aria-pressed={asks} type={asks ? 'primary' : 'default'} disabled={!isWhole} onClick={() => setPointing(!pointing)}>{t.pointAt}</Button>
        {hit !== null && <Typography.Text type="secondary">{t.wide(metres < 2000 ? `${numberOf(Math.round(metres / 10) * 10)} m` : `${numberOf(Math.round(metres / 1000))} km`)}</Typography.Text>}
        {asks && <Typography.Text type="secondary" style={{ fontSize: 12 }}>{t.pointing}</Typography.Text>}
      </Flex>
      <Drawing {...rest} frame={frame} divisions={isWhole ? divisions : divisions.map((one) => ({ ...one, fill: shadeOfFew }))} outline={outline} around={stand} hit={hit} addressOf={asks ? null : addressOf} onPoint={asks ? onPoint : null} />
    </>
  );
}

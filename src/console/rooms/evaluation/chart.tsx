/**
 * A chart of bars. The library is large and is loaded with the chart, not with the room. What a chart shows stands in a table too, so the
 * chart itself is one picture with a sentence to whoever does not see it.
 */
import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

register([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/** One row of bars. */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

interface ChartProps {
  readonly label: string;
  readonly categories: readonly string[];
  readonly series: readonly Series[];
  /** Bars lie, for names that are long. */
  readonly lying?: boolean;
  readonly height?: number;
}

/** Told apart without colour too: each has its own lightness. */
const colours = ['#0b56c4', '#7fb0ee', '#1a7037', '#8f5400'];

/** See the head of this file. */
export default function Chart({ label, categories, series, lying = false, height = 300 }: ChartProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const chart = init(element, null, { renderer: 'svg' });
    // Named in full: what it cannot measure it lays over each other.
    const { fontFamily } = getComputedStyle(element);
    const names = { type: 'category' as const, data: [...categories], inverse: lying, axisLabel: { color: '#475160', width: 150, overflow: 'truncate' as const }, axisTick: { show: false } };
    const values = { type: 'value' as const, minInterval: 1, axisLabel: { color: '#475160' }, splitLine: { lineStyle: { color: '#e6eaf0' } } };
    chart.setOption({
      animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      color: colours,
      textStyle: { fontFamily, fontSize: 13 },
      legend: { top: 0, left: 0, itemGap: 20, textStyle: { color: '#1c2430' } },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      grid: { top: 36, left: 8, right: 24, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
      xAxis: lying ? values : names,
      yAxis: lying ? names : values,
      series: series.map((one) => ({ name: one.name, type: 'bar' as const, data: [...one.values], barMaxWidth: 26 })),
    });
    const fit = new ResizeObserver(() => chart.resize());
    fit.observe(element);
    return () => {
      fit.disconnect();
      chart.dispose();
    };
  }, [categories, series, lying]);
  return <figure aria-label={label} style={{ margin: 0 }}><div ref={place} aria-hidden="true" style={{ width: '100%', height }} /></figure>;
}

import { type EChartsOption, init } from 'echarts';
import { type BenchRun, figuresOf, sameMachine } from './history';
import type { Chart } from './report';

const WIDTH = 860;
const HEIGHT = 380;
/** Okabe and Ito's colours, told apart by colour-blind readers too. */
const COLOURS = ['#0072b2', '#d55e00', '#e69f00', '#009e73'];
const OBJECTIVE_MS = 100;

/** The charts of the last run of a history, for docs/benchmark/; those of what it didn't measure are left out. */
export function drawCharts(history: readonly BenchRun[]): (Chart & { readonly svg: string })[] {
  const last = history.at(-1);
  if (!last) return [];
  const all = [
    { file: 'throughput.svg', alt: 'Highest rate with p99 below 100 ms, by server', svg: throughputChart(last) },
    { file: 'latency.svg', alt: 'p99 against the rate, by server', svg: latencyChart(last) },
    { file: 'history.svg', alt: 'Highest rate of our server, run by run', svg: historyChart(history) },
  ];
  // What a picture shows, for those who hear it.
  const titled = (svg: string, title: string) => svg.replace('>', `><title>${title}</title>`);
  return all.flatMap(({ svg, ...chart }) => (svg === undefined ? [] : [{ ...chart, svg: titled(svg, chart.alt) }]));
}

/** Highest rate with p99 < 100 ms, a bar for each server. */
export function throughputChart(run: BenchRun): string | undefined {
  const bars = figuresOf(run).filter(({ id }) => /^capacity\.[a-z-]+$/.test(id) && !id.startsWith('capacity.over-'));
  if (bars.length === 0) return undefined;
  return svg({
    title: { text: 'Highest rate with p99 < 100 ms, 10,000 connections, one core', left: 'center' },
    grid: { left: 240, right: 80, top: 50, bottom: 40 },
    xAxis: { type: 'value', name: 'requests/s', nameLocation: 'middle', nameGap: 26 },
    yAxis: { type: 'category', inverse: true, data: bars.map(({ title }) => plain(title)) },
    series: [
      {
        type: 'bar',
        data: bars.map(({ value }, i) => ({ value, itemStyle: { color: COLOURS[i % COLOURS.length] } })),
        label: {
          show: true,
          position: 'right',
          formatter: ({ value }) => Number(value).toLocaleString('en'),
        },
      },
    ],
  });
}

/** p99 against the rate, a line for each server, with the objective. */
export function latencyChart(run: BenchRun): string | undefined {
  const curves = run.scenarios.flatMap(({ curves = [] }) => curves);
  if (curves.length === 0) return undefined;
  return svg({
    title: { text: 'p99 from the intended start, against the rate', left: 'center' },
    legend: { top: 46, data: curves.map(({ server }) => plain(server)) },
    grid: { left: 70, right: 40, top: 100, bottom: 50 },
    xAxis: { type: 'value', name: 'requests/s', nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'log', name: 'ms', min: 0.1, max: 10_000 },
    series: curves.map(({ server, points }, i) => ({
      type: 'line',
      name: plain(server),
      data: points.map(({ rate, p99 }) => [rate, p99]),
      color: COLOURS[i % COLOURS.length],
      markLine:
        i === 0
          ? {
              silent: true,
              symbol: 'none',
              data: [{ yAxis: OBJECTIVE_MS }],
              label: { formatter: '100 ms', position: 'insideEndTop' },
              lineStyle: { color: '#666666', type: 'dashed' },
            }
          : undefined,
    })),
  });
}

/** Our server's highest rate, run by run, on the machine of the last one. */
export function historyChart(history: readonly BenchRun[]): string | undefined {
  const last = history.at(-1);
  if (!last) return undefined;
  const points = history
    .filter(({ conditions }) => sameMachine(conditions, last.conditions))
    .flatMap((run) =>
      figuresOf(run)
        .filter(({ id }) => id === 'capacity.ours')
        .map(({ value }) => ({ run, value })),
    );
  if (points.length === 0) return undefined;
  return svg({
    title: { text: 'Highest rate of our server, run by run', left: 'center' },
    grid: { left: 80, right: 40, top: 50, bottom: 50 },
    xAxis: { type: 'category', data: points.map(({ run }) => `${run.at.slice(0, 10)}\n${run.conditions.revision}`) },
    yAxis: { type: 'value', name: 'requests/s' },
    series: [{ type: 'line', data: points.map(({ value }) => value), color: COLOURS[0] }],
  });
}

function svg(option: EChartsOption): string {
  const chart = init(null, undefined, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption({ ...option, backgroundColor: '#ffffff', animation: false });
    // Styles for a pointer that hovers, named by counters that go on from chart to chart: a page shows pictures.
    const picture = chart.renderToSVGString().replace(/<style[\s\S]*?<\/style>/g, '');
    return `${picture.replace(/ (class|ecmeta_\w+)="[^"]*"/g, '').replace(/\bzr\d+-/g, 'zr-')}\n`;
  } finally {
    chart.dispose();
  }
}

/** Without Markdown. */
const plain = (title: string) => title.replaceAll('`', '');

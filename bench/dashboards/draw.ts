import { type EChartsOption, init, type LineSeriesOption } from 'echarts';

/** A panel of a dashboard with what Prometheus answered to its queries. */
export interface AnsweredPanel {
  readonly title: string;
  readonly kind: 'stat' | 'timeseries';
  /** Grafana's name of it. */
  readonly unit: string;
  readonly stacked: boolean;
  /** @default - follows what is shown */
  readonly max?: number;
  /** Where it becomes bad, drawn as a line where it is in sight. */
  readonly limit?: number;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [ms: number, value: number])[];
  }[];
}

export interface AnsweredRow {
  readonly title: string;
  readonly panels: readonly AnsweredPanel[];
}

const COLUMNS = 3;
const PANEL = { width: 400, height: 220, gap: 12 };
const FIGURE_HEIGHT = 80;
const HEADING = 34;
const WIDTH = COLUMNS * (PANEL.width + PANEL.gap) + PANEL.gap;
/** Okabe and Ito's colours, told apart by colour-blind readers too. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'];
const LIMIT_COLOUR = '#d62728';
const TEXT = '#333333';

/** A dashboard's rows as one picture, three panels beside each other. */
export function drawDashboard(title: string, rows: readonly AnsweredRow[]): string {
  const parts: string[] = [];
  let y = PANEL.gap;
  for (const row of rows) {
    parts.push(text(PANEL.gap, y + 20, row.title, 15));
    y += HEADING;
    for (const kind of ['stat', 'timeseries'] as const) {
      const panels = row.panels.filter((panel) => panel.kind === kind);
      const height = kind === 'stat' ? FIGURE_HEIGHT : PANEL.height;
      panels.forEach((panel, index) => {
        const x = PANEL.gap + (index % COLUMNS) * (PANEL.width + PANEL.gap);
        const top = y + Math.floor(index / COLUMNS) * (height + PANEL.gap);
        parts.push(kind === 'stat' ? figure(panel, x, top) : graph(panel, x, top));
      });
      y += Math.ceil(panels.length / COLUMNS) * (height + PANEL.gap);
    }
  }
  const size = `width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}"`;
  const background = `<rect width="${WIDTH}" height="${y}" fill="#f4f5f5"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><title>${title}</title>${background}${parts.join('')}</svg>\n`;
}

function figure({ title, unit, limit, series }: AnsweredPanel, x: number, y: number): string {
  const value = series[0]?.points.at(-1)?.[1];
  const bad = value !== undefined && limit !== undefined && value < limit;
  const shown = value === undefined ? 'no data' : format(unit)(value);
  return [
    `<rect x="${x}" y="${y}" width="${PANEL.width}" height="${FIGURE_HEIGHT}" fill="#ffffff"/>`,
    text(x + 12, y + 24, title, 13),
    text(x + 12, y + 62, shown, 30, bad ? LIMIT_COLOUR : '#009e73'),
  ].join('');
}

function graph(panel: AnsweredPanel, x: number, y: number): string {
  const { title, unit, series, stacked, limit, max } = panel;
  const highest = Math.max(0, ...series.flatMap(({ points }) => points.map(([, value]) => value)));
  // A line far above everything would flatten what there is to see.
  const inSight = limit !== undefined && highest > limit / 4;
  const lines = series.map(
    ({ name, points }, index): LineSeriesOption => ({
      type: 'line',
      name,
      data: points.map(([at, value]) => [at, value]),
      showSymbol: false,
      lineStyle: { width: 1.5 },
      color: COLOURS[index % COLOURS.length],
      ...(stacked && { stack: 'all', areaStyle: { opacity: 0.3 } }),
      ...(index === 0 && inSight && { markLine: limitLine(limit, format(unit)) }),
    }),
  );
  const option: EChartsOption = {
    title: { text: title, left: 8, top: 6, textStyle: { fontSize: 13, color: TEXT } },
    legend: { bottom: 2, type: 'plain', itemWidth: 12, itemHeight: 8, textStyle: { fontSize: 10 } },
    grid: { left: 62, right: 16, top: 36, bottom: series.length > 3 ? 58 : 44 },
    xAxis: { type: 'time', axisLabel: { fontSize: 9, formatter: '{HH}:{mm}:{ss}', hideOverlap: true }, splitNumber: 4 },
    yAxis: {
      type: 'value',
      min: 0,
      max: max ?? (inSight ? roundUp(Math.max(highest, limit) * 1.1) : undefined),
      axisLabel: { fontSize: 10, formatter: format(unit) },
      splitNumber: 4,
    },
    series: lines,
  };
  return `<g transform="translate(${x} ${y})">${content(option)}</g>`;
}

function limitLine(limit: number, label: (value: number) => string): LineSeriesOption['markLine'] {
  return {
    silent: true,
    symbol: 'none',
    data: [{ yAxis: limit }],
    label: { formatter: label(limit), position: 'insideEndTop', fontSize: 10, color: LIMIT_COLOUR },
    lineStyle: { color: LIMIT_COLOUR, type: 'dashed' },
  };
}

/** To one digit or a half of it: 870 → 900, 110 → 150. */
function roundUp(value: number): number {
  const half = 10 ** Math.floor(Math.log10(value)) / 2;
  return Math.ceil(value / half) * half;
}

/** Numbers as Grafana writes them in a unit. */
function format(unit: string): (value: number) => string {
  const short = (value: number) => `${Number(value.toPrecision(3))}`;
  if (unit === 'percentunit') return (value) => `${short(value * 100)} %`;
  if (unit === 's') return (value) => (Math.abs(value) < 1 ? `${short(value * 1000)} ms` : `${short(value)} s`);
  return short;
}

/** A chart without the element around it: pictures in a picture would each want a title of their own. */
function content(option: EChartsOption): string {
  const chart = init(null, undefined, { renderer: 'svg', ssr: true, width: PANEL.width, height: PANEL.height });
  try {
    chart.setOption({ ...option, backgroundColor: '#ffffff', animation: false });
    // Styles for a pointer that hovers: a page shows pictures.
    const picture = chart.renderToSVGString().replace(/<style[\s\S]*?<\/style>/g, '');
    return picture.replace(/^<svg[^>]*>|<\/svg>\s*$/g, '').replace(/ (class|ecmeta_\w+)="[^"]*"/g, '');
  } finally {
    chart.dispose();
  }
}

function text(x: number, y: number, content: string, size: number, colour = TEXT): string {
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-size="${size}" font-weight="bold" fill="${colour}">${content}</text>`;
}

import { init } from 'echarts';
import type { ReportChart } from './report';

const WIDTH = 860;
const BAR = 34;
/** Okabe and Ito's colours, told apart by colour-blind readers too. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'];
/** Of text and lines: readable on white and on black. */
const GREY = '#808080';

/** The chart as a picture, without a script. */
export function chartSvg({ title, unit, categories, series, limit }: ReportChart): string {
  const height = 110 + categories.length * BAR;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption({
      animation: false,
      color: COLOURS,
      aria: { enabled: true, label: { description: title } },
      textStyle: { color: GREY },
      legend: { top: 0, textStyle: { color: GREY }, show: series.length > 1 },
      grid: { left: 24, right: 60, top: 40, bottom: 40, containLabel: true },
      xAxis: { type: 'value', name: unit, nameLocation: 'middle', nameGap: 26, nameTextStyle: { color: GREY } },
      yAxis: { type: 'category', inverse: true, data: [...categories], axisLabel: { color: GREY } },
      series: series.map(({ name, values }, index) => ({
        type: 'bar',
        name,
        stack: 'all',
        barMaxWidth: 22,
        data: [...values],
        markLine:
          index === 0 && limit !== undefined
            ? {
                silent: true,
                symbol: 'none',
                data: [{ xAxis: limit }],
                label: { formatter: `limit ${limit.toLocaleString('en')}`, color: GREY, position: 'start' },
                lineStyle: { color: '#d62728', type: 'dashed' },
              }
            : undefined,
      })),
    });
    return chart.renderToSVGString().replace('>', ` role="img"><title>${title.replace(/[&<>]/g, '')}</title>`);
  } finally {
    chart.dispose();
  }
}

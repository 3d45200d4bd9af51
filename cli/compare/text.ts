import { table } from '../output';
import { type MeasuredServer, PERCENTILES, type ServerComparison, total } from './compare-servers';

/** From so much on, this machine's own lateness shows in the figures. */
const MOST_LAG_MS = 10;

/** A comparison for a terminal of 80 columns. */
export function comparisonText({ measured, rate, rounds, secondsATurn, a, b, verdicts }: ServerComparison): string {
  const both = (of: (server: MeasuredServer) => string | number) => [of(a), of(b)].map(String);
  const late = Math.max(a.lagP99Ms, b.lagP99Ms);
  const sameModel = a.modelVersions.join() === b.modelVersions.join();
  const rows = [
    ['requests', ...both(({ asked }) => asked), ''],
    ['answers', ...both(({ answers }) => answers), ''],
    ['errors', ...both(({ errors }) => total(errors)), verdicts.errors],
    ['degraded answers', ...both(({ degraded }) => total(degraded)), verdicts.degraded],
    ['model', ...both(modelsOf), sameModel ? 'the same' : 'different'],
    ...PERCENTILES.map((percent) => [
      `p${percent} in ms`,
      ...both(({ latencyMs }) => {
        const interval = latencyMs[percent];
        if (!interval) return '–';
        const [estimate, low, high] = [interval.estimate, interval.low, interval.high].map((ms) => ms.toFixed(1));
        return `${estimate} (${low}–${high})`;
      }),
      verdicts[`p${percent}`],
    ]),
  ];
  return [
    `Measured ${measured.at.slice(0, 16)}Z from ${measured.from}`,
    `${rounds} turns of ${secondsATurn} s for each, ${rate} requests a second`,
    `A  ${a.url}`,
    `B  ${b.url}`,
    '',
    table(['', 'A', 'B', 'verdict'], rows),
    '',
    'In brackets: where the median of the turns lies, with 95 % confidence. Latency',
    'counts from the intended start, and has the way there in it.',
    ...[a, b].flatMap(reasons),
    ...(late > MOST_LAG_MS
      ? [`This machine sent late itself (p99 ${late.toFixed(0)} ms): the latencies are too high.`]
      : []),
  ].join('\n');
}

const modelsOf = ({ modelVersions }: MeasuredServer) =>
  modelVersions.map((version) => version.slice(0, 12)).join(', ') || '–';

function reasons({ url, errors, degraded }: MeasuredServer): string[] {
  const counts = Object.entries({ ...errors, ...degraded });
  return counts.length === 0 ? [] : [`${url}: ${counts.map(([reason, count]) => `${count} × ${reason}`).join(', ')}`];
}

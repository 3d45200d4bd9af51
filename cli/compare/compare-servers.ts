import { cpus, platform } from 'node:os';
import { ComparisonError } from '../failure';
import { type ModelServer, type Outcome, shopRequest } from './model-server';
import { openLoop, type Timed } from './open-loop';
import { type Interval, medianInterval, overlap, percentile, shareInterval } from './statistics';

/** Turns that each server has; one goes before, which doesn't count. */
export const ROUNDS = 10;

export const PERCENTILES = [50, 95, 99] as const;
type Percentile = (typeof PERCENTILES)[number];

export interface ComparisonLoad {
  /** Requests a second, to the server whose turn it is. */
  readonly rate: number;
  /** Of all turns that count, of both servers. */
  readonly seconds: number;
}

/** What was measured of one server. */
export interface MeasuredServer {
  readonly url: string;
  /** Versions that answered; `none` where no model did. */
  readonly modelVersions: readonly string[];
  readonly asked: number;
  readonly answers: number;
  /** By reason. */
  readonly errors: Readonly<Record<string, number>>;
  /** Answers of a lower rung than the server has when it is well, by reason. */
  readonly degraded: Readonly<Record<string, number>>;
  /** Of the answers: the median of the turns. Left out is what a turn has too few answers for. */
  readonly latencyMs: { readonly [percent in Percentile]?: Interval };
  /** How late this process itself sent, at the 99th percentile. Latencies hold it. */
  readonly lagP99Ms: number;
}

export type Verdict = 'no difference seen' | 'A has less' | 'B has less' | 'too few answers';

export interface ServerComparison {
  readonly measured: { readonly at: string; readonly from: string };
  readonly rate: number;
  readonly rounds: number;
  readonly secondsATurn: number;
  readonly a: MeasuredServer;
  readonly b: MeasuredServer;
  readonly verdicts: Readonly<Record<'errors' | 'degraded' | `p${Percentile}`, Verdict>>;
}

/**
 * Loads two servers in turns, with the same requests at the same rate, so that neither has the better minute.
 *
 * @throws ComparisonError when one can't be asked, or they have no item in common
 */
export async function compareServers(
  servers: readonly [ModelServer, ModelServer],
  { rate, seconds }: ComparisonLoad,
  onRound: (round: number) => void = () => undefined,
): Promise<ServerComparison> {
  const at = new Date().toISOString();
  const items = await commonItems(servers);
  const secondsATurn = seconds / ROUNDS / servers.length;
  const turns: [Timed<Outcome>[][], Timed<Outcome>[][]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    onRound(round);
    // Who is first changes with each round.
    for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const first = Math.round(rate * secondsATurn) * round;
      const turn = await openLoop({ rate, seconds: secondsATurn }, (index) =>
        servers[side].ask(shopRequest(first + index, items)),
      );
      if (round > 0) turns[side].push([...turn]);
    }
  }
  const [a, b] = [summarize(servers[0].url, turns[0]), summarize(servers[1].url, turns[1])];
  return {
    measured: { at, from: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${platform()}` },
    rate,
    rounds: ROUNDS,
    secondsATurn,
    a,
    b,
    verdicts: verdictsOn(a, b),
  };
}

async function commonItems(servers: readonly [ModelServer, ModelServer]): Promise<string[]> {
  const [ofA, ofB] = await Promise.all([servers[0].popularItems(), servers[1].popularItems()]);
  const items = ofA.filter((item) => ofB.includes(item));
  if (items.length > 0) return items;
  throw new ComparisonError(
    `${servers[0].url} and ${servers[1].url} have no popular item in common; only servers of one catalogue can be asked the same.`,
  );
}

/** What is seen of turns at one server. */
export function summarize(url: string, turns: readonly (readonly Timed<Outcome>[])[]): MeasuredServer {
  const all = turns.flat();
  const outcomes = all.map(({ outcome }) => outcome);
  const answers = outcomes.filter((outcome) => outcome.kind === 'answer');
  const latencies = turns.map((turn) => turn.filter(({ outcome }) => outcome.kind === 'answer').map(({ ms }) => ms));
  return {
    url,
    modelVersions: [...new Set(answers.map(({ modelVersion }) => modelVersion ?? 'none'))].sort(),
    asked: all.length,
    answers: answers.length,
    errors: counted(outcomes.flatMap((outcome) => (outcome.kind === 'error' ? outcome.reason : []))),
    degraded: counted(answers.flatMap(({ degraded }) => degraded ?? [])),
    latencyMs: Object.fromEntries(
      PERCENTILES.flatMap((percent) => {
        const interval = latencyInterval(latencies, percent);
        return interval ? [[percent, interval]] : [];
      }),
    ),
    lagP99Ms:
      percentile(
        all.map(({ lagMs }) => lagMs),
        99,
      ) ?? 0,
  };
}

/** A 99th percentile of fewer than a hundred answers is their slowest, whatever that is. */
function latencyInterval(turns: readonly (readonly number[])[], percent: Percentile): Interval | undefined {
  const enough = turns.filter(({ length }) => length * (100 - percent) >= 100);
  return medianInterval(enough.map((turn) => percentile(turn, percent) as number));
}

function counted(reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

export const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

export function verdictsOn(a: MeasuredServer, b: MeasuredServer): ServerComparison['verdicts'] {
  const latency = (percent: Percentile) => verdict(a.latencyMs[percent], b.latencyMs[percent]);
  const errors = ({ errors, asked }: MeasuredServer) => shareOf(total(errors), asked);
  const degraded = ({ degraded, answers }: MeasuredServer) => shareOf(total(degraded), answers);
  return {
    errors: verdict(errors(a), errors(b)),
    degraded: verdict(degraded(a), degraded(b)),
    p50: latency(50),
    p95: latency(95),
    p99: latency(99),
  };
}

const shareOf = (count: number, all: number) => (all === 0 ? undefined : shareInterval(count, all));

function verdict(a: Interval | undefined, b: Interval | undefined): Verdict {
  if (!a || !b) return 'too few answers';
  if (overlap(a, b)) return 'no difference seen';
  return a.high < b.low ? 'A has less' : 'B has less';
}

import type { Bench, Measured } from '../bench';
import type { Curve, Figure, Measurement } from '../figures';
import { climb, highestRate } from '../highest-rate';
import type { HistoryKind } from '../histories';
import { LOWER_RUNGS, P99_MS } from '../objective';
import { type BenchServer, SERVERS } from '../servers';

export const CONNECTIONS = 10_000;
/** Requests that may fail in a hundred thousand. */
const FAILED = 1;
/**
 * Tries of one rate, for each server: a rate is borne when it is borne once. Neighbours on the machine only make a
 * server slower, to two thirds for seconds at a time where a virtual machine's cores are halves of real ones.
 */
const TRIES = 3;
/** So few that our server refuses none of them. */
const ESTIMATE_CONNECTIONS = 100;

const COMPARED = ['ours', 'fastapi', 'fastapi-threads', 'express'] as const;
type Compared = (typeof COMPARED)[number];
/** Steps of the search, requests a second: about a thirtieth of what each bears. */
const STEPS: Record<Compared, number> = { ours: 250, fastapi: 50, 'fastapi-threads': 50, express: 100 };

/** The highest rate with p99 < 100 ms at 10,000 connections, open loop, of every server on one core. */
export async function measureCapacity(bench: Bench): Promise<Measurement> {
  const curves: Curve[] = [];
  const figures: Figure[] = [];
  const found = new Map<Compared, Capacity>();
  for (const name of COMPARED) found.set(name, await capacityOf(bench, name, 'short'));
  // A second visit to each, because the machine may have been slow for all the minutes of the first.
  for (const [name, before] of bench.quick ? [] : found) found.set(name, await higherCapacity(bench, name, before));
  for (const [name, capacity] of found) {
    curves.push(curveOf(name, capacity));
    const bar = name === 'ours' ? ({ bar: { atLeast: 8000 } } as const) : {};
    figures.push(
      {
        id: `capacity.${name}`,
        title: SERVERS[name],
        unit: 'requests/s',
        value: capacity.rate,
        better: 'higher',
        ...bar,
      },
      { id: `capacity.${name}.p99`, title: `${SERVERS[name]}: p99 at that rate`, unit: 'ms', value: p99Of(capacity) },
    );
  }
  const rateOf = (name: Compared) => found.get(name)?.rate ?? 0;
  const times = (name: Compared) => rateOf('ours') / (rateOf(name) || 1);
  const faster = rateOf('fastapi') >= rateOf('fastapi-threads') ? 'fastapi' : 'fastapi-threads';
  figures.push(
    {
      id: 'capacity.over-fastapi',
      title: `ours over the faster FastAPI (${SERVERS[faster]})`,
      unit: '×',
      value: times(faster),
      better: 'higher',
      bar: { atLeast: 5 },
    },
    {
      id: 'capacity.over-express',
      title: 'ours over naive Express',
      unit: '×',
      value: times('express'),
      better: 'higher',
      bar: { atLeast: 2 },
    },
  );
  return { figures, curves };
}

/** Our server with histories that weigh more: as long as real customers', and more of them. */
export async function measureOtherHistories(bench: Bench): Promise<Measurement> {
  const figures: Figure[] = [];
  for (const kind of ['real', 'many'] as const) {
    const capacity = await capacityOf(bench, 'ours', kind);
    const title = kind === 'real' ? 'histories as long as real ones' : '10,000 customers with short histories';
    figures.push(
      { id: `capacity.ours.${kind}`, title, unit: 'requests/s', value: capacity.rate, better: 'higher' },
      { id: `capacity.ours.${kind}.p99`, title: `${title}: p99 at that rate`, unit: 'ms', value: p99Of(capacity) },
    );
  }
  return { figures };
}

interface Capacity {
  readonly rate: number;
  /** Of each rate that was tried, the try that held, if any. */
  readonly points: ReadonlyMap<number, Measured>;
}

/** When its rate was confirmed, milliseconds. */
function p99Of({ rate, points }: Capacity): number {
  return points.get(rate)?.accepted.p99 ?? 0;
}

function curveOf(name: Compared, { points }: Capacity): Curve {
  const sorted = [...points].sort(([a], [b]) => a - b);
  return {
    server: SERVERS[name],
    points: sorted.map(([rate, { accepted }]) => ({ rate, p50: accepted.p50, p99: accepted.p99 })),
  };
}

function capacityOf(bench: Bench, name: Compared, histories: HistoryKind): Promise<Capacity> {
  return bench.withServer({ name, histories }, async (server) => {
    const points = new Map<number, Measured>();
    const measure = (rate: number) => tryRate(bench, server, { name, histories, rate, points });
    const closed = await estimate(bench, server);
    const step = STEPS[name];
    const rate = await highestRate({ holds: measure, from: 0.85 * closed, step, tries: bench.quick ? 3 : 12 });
    // The lower part of the curve, which the search has no need of.
    for (const share of bench.quick ? [] : [0.25, 0.5, 0.75]) {
      const lower = Math.round((rate * share) / 50) * 50;
      if (lower > 0 && !points.has(lower)) await measure(lower);
    }
    return { rate, points };
  });
}

function higherCapacity(bench: Bench, name: Compared, before: Capacity): Promise<Capacity> {
  const histories = 'short';
  return bench.withServer({ name, histories }, async (server) => {
    const points = new Map(before.points);
    // As before the first search: code that is not compiled yet would bear less.
    await estimate(bench, server);
    const measure = (rate: number) => tryRate(bench, server, { name, histories, rate, points });
    return { rate: await climb({ holds: measure, from: before.rate, step: STEPS[name] }), points };
  });
}

interface Attempt {
  readonly name: Compared;
  readonly histories: HistoryKind;
  readonly rate: number;
  /** Takes what was measured. */
  readonly points: Map<number, Measured>;
}

/** @returns whether it was borne, in {@link TRIES} tries */
async function tryRate(bench: Bench, server: BenchServer, attempt: Attempt): Promise<boolean> {
  const { name, histories, rate, points } = attempt;
  const connections = bench.connections(CONNECTIONS);
  for (let tried = 0; tried < TRIES; tried++) {
    const measured = await bench.load(server, { rate, connections });
    const holds = bears(measured);
    const { p50, p99 } = measured.accepted;
    bench.log(
      `    ${name}, ${histories}: ${rate} requests/s: p50 ${p50} ms, p99 ${p99} ms, ${holds ? 'holds' : whyNot(measured)}`,
    );
    if (holds || !points.has(rate)) points.set(rate, measured);
    if (holds) return true;
  }
  return false;
}

/** Requests a second in a closed loop: near what an open loop bears. */
async function estimate(bench: Bench, server: BenchServer): Promise<number> {
  const connections = bench.connections(ESTIMATE_CONNECTIONS);
  const { completed, seconds } = await bench.load(server, { rate: 'closed', connections, seconds: 3 });
  return completed / seconds;
}

function bears(measured: Measured): boolean {
  return whyNot(measured) === undefined;
}

function whyNot({ intended, accepted, refused, statuses, failures, byModel }: Measured): string | undefined {
  if (accepted.count < intended * (1 - FAILED / 100_000)) {
    return `${intended - accepted.count} of ${intended} not answered by 200 (${refused.count} refused): ${JSON.stringify({ statuses, failures })}`;
  }
  if (byModel < 1 - LOWER_RUNGS) return `only ${(byModel * 100).toFixed(1)} % answered by the model`;
  if (accepted.p99 >= P99_MS) return 'too slow';
  return undefined;
}

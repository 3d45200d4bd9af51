import fc from 'fast-check';
import type { ServerProcess } from '../reliability/server-process';
import { type HostileRequest, hostileRequest } from './hostile-requests';
import { type RawAttack, rawAttack } from './raw-shapes';
import { type Outcome, requestSender, sendRaw } from './send';

/** The bars: no answer of the server's own failure, none later than this. */
export const SLOWEST_MS = 1000;
/** Requests that are sent at once. */
const BURST = 16;
/** Bursts of one kind in a row. */
const BURSTS = 10;
/** At the server's memory, each after all garbage is collected. */
const LOOKS = 100;
/** Of all requests, those that make a server of a steady size. */
const WARM_UP_SHARE = 0.3;
/** Of all requests, those that are sent as raw bytes, over a connection of their own. */
const RAW_SHARE = 0.2;
const SHOWN = 2000;

export interface AttackOptions {
  /** A `collectable` one. */
  readonly server: ServerProcess;
  /** Makes the same requests again, in the same order. */
  readonly seed: number;
  /** At least this many are sent. */
  readonly requests: number;
  readonly onProgress?: (sent: number) => void;
}

export interface AttackResult {
  readonly seed: number;
  readonly sent: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Requests that the server had no time for. */
  readonly refused: number;
  /** Connections that ended without an answer, as some of the raw bytes deserve. */
  readonly unanswered: number;
  readonly slowestMs: number;
  /** The least input that broke a bar, and how; `undefined` when none did. */
  readonly failure: string | undefined;
  /** Memory at the end over memory after the warm-up, minus 1; both without garbage, the median of a tenth of the looks. */
  readonly rssGrowth: number;
  readonly rssBytes: number;
  readonly seconds: number;
}

/** Sends hostile requests until there are enough, or one breaks a bar; that one is made as small as it still breaks it. */
export async function attack({ server, seed, requests, onProgress }: AttackOptions): Promise<AttackResult> {
  const started = performance.now();
  const target = { host: '127.0.0.1', port: server.port };
  const { send, close } = requestSender(target);
  const statuses: Record<number, number> = {};
  const looks: { sent: number; rss: number }[] = [];
  let [sent, unanswered, refused, slowestMs] = [0, 0, 0, 0];

  const judge = (outcome: Outcome): string | undefined => {
    sent++;
    for (const status of outcome.statuses) statuses[status] = (statuses[status] ?? 0) + 1;
    if (outcome.statuses.length === 0) unanswered++;
    slowestMs = Math.max(slowestMs, outcome.milliseconds);
    const failed = outcome.statuses.find((status) => status >= 500);
    if (failed && outcome.refused) refused++;
    else if (failed) return `answered ${failed}: ${outcome.detail ?? ''}`;
    if (outcome.hung) return 'neither answered nor closed';
    return outcome.milliseconds > SLOWEST_MS ? `took ${outcome.milliseconds.toFixed(0)} ms` : undefined;
  };
  const burst = async <T>(inputs: readonly T[], act: (input: T) => Promise<Outcome>) => {
    const faults = (await Promise.all(inputs.map(act))).map(judge).filter((fault) => fault !== undefined);
    if (!server.alive) throw new Error(`the server ended: ${server.log}`);
    if (faults.length > 0) throw new Error(faults[0]);
  };
  const bursts = <T>(input: fc.Arbitrary<T>) => fc.array(input, { minLength: 1, maxLength: BURST, size: 'max' });
  const wellFramed = fc.asyncProperty(bursts(hostileRequest), (inputs) => burst(inputs, send));
  const raw = fc.asyncProperty(bursts(rawAttack), (inputs) => burst(inputs, (input) => sendRaw(target, input)));

  let failure: string | undefined;
  for (let round = 0; sent < requests && !failure; round++) {
    const isRaw = round % Math.round(1 / RAW_SHARE) === 0;
    const settings = { seed: seed + round, numRuns: BURSTS, endOnFailure: false };
    failure = isRaw ? found(await fc.check(raw, settings)) : found(await fc.check(wellFramed, settings));
    const look = server.alive && sent >= ((looks.length + 1) * requests) / LOOKS;
    if (look) looks.push({ sent, rss: await server.rssWithoutGarbage() });
    onProgress?.(sent);
  }
  close();
  if (!failure && !server.alive) failure = `the server ended: ${server.log}`;
  const [before, after] = ends(looks.filter((look) => look.sent > sent * WARM_UP_SHARE).map(({ rss }) => rss));
  return {
    seed,
    sent,
    statuses,
    refused,
    unanswered,
    slowestMs,
    failure,
    rssGrowth: after / before - 1,
    rssBytes: after,
    seconds: (performance.now() - started) / 1000,
  };
}

/** What broke, in one line, with the input that still breaks it. */
function found<T extends HostileRequest | RawAttack>(details: fc.RunDetails<[T[]]>): string | undefined {
  if (!details.failed) return undefined;
  const inputs = JSON.stringify(details.counterexample?.[0]);
  const error = details.errorInstance instanceof Error ? details.errorInstance.message : 'failed';
  const shown = inputs.length > SHOWN ? `${inputs.slice(0, SHOWN)}… (${inputs.length} characters)` : inputs;
  return `${error}; seed ${details.seed}, path ${details.counterexamplePath}, after ${details.numShrinks} shrinks: ${shown}`;
}

/** The medians of the first and the last tenth. */
function ends(values: readonly number[]): [number, number] {
  const tenth = Math.max(1, Math.floor(values.length / 10));
  return [median(values.slice(0, tenth)), median(values.slice(-tenth))];
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

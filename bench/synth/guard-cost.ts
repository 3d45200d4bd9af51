import { execFile } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { atMost, type Bar, type CheckResult, median } from '../reliability/bars';
import { ROOT } from '../repository';
import type { SynthCost } from './synth-process';

const execute = promisify(execFile);
const CONFIGS = ['recommender.config.ts', 'examples/regulated.config.ts'];
const MOST_TIMES = 1.3;
const MOST_SECONDS = 6;

export interface GuardCostOptions {
  /** How often each config is synthesized with and without guards, by turns. @default 9 */
  readonly rounds?: number;
  readonly onProgress: (line: string) => void;
}

type Mode = 'with' | 'without';

/** One process, from its start to its end. */
interface Round extends SynthCost {
  readonly seconds: number;
}

/** What the guards add to a synth: the same process with them and without, again and again. */
export async function guardCost({ rounds = 9, onProgress }: GuardCostOptions): Promise<CheckResult> {
  const started = performance.now();
  const load = loadavg()[0] ?? 0;
  const measured = [];
  for (const file of CONFIGS) measured.push(await compare(file, rounds, onProgress));
  const both = measured.reduce((sum, { seconds }) => sum + seconds, 0);
  return {
    name: 'guards',
    conditions: `all stacks of a config synthesized by a process of its own, with all guards and without, by turns, ${rounds} rounds each behind one that isn't counted; medians of the time from the process's start to its end; ${load.toFixed(1)} processes ran or waited to when it began`,
    bars: [
      ...measured.map(({ bar }) => bar),
      atMost('synth of both configs with all guards', both, MOST_SECONDS, { unit: 's', digits: 2 }),
    ],
    notes: measured.flatMap(({ notes }) => notes),
    seconds: (performance.now() - started) / 1000,
  };
}

async function compare(file: string, count: number, onProgress: (line: string) => void) {
  const rounds: Record<Mode, Round[]> = { with: [], without: [] };
  for (let round = 0; round <= count; round++) {
    onProgress(`${file}: ${round} of ${count}`);
    // Who is first may find the files in no cache.
    const modes: Mode[] = round % 2 === 0 ? ['without', 'with'] : ['with', 'without'];
    for (const mode of modes) {
      const one = await synth(file, mode);
      if (round > 0) rounds[mode].push(one);
    }
  }
  const seconds = median(rounds.with.map((one) => one.seconds));
  const bar: Bar = atMost(
    `${file}: time with guards, of that without`,
    seconds / median(rounds.without.map((one) => one.seconds)),
    MOST_TIMES,
    { unit: '×', digits: 2 },
  );
  return { seconds, bar, notes: notesOn(file, rounds) };
}

async function synth(file: string, mode: Mode): Promise<Round> {
  const started = performance.now();
  const { stdout } = await execute(process.execPath, [join(ROOT, 'dist/bench/synth/synth-process.js'), file, mode], {
    cwd: ROOT,
  });
  return { ...(JSON.parse(stdout) as SynthCost), seconds: (performance.now() - started) / 1000 };
}

function notesOn(file: string, { with: guarded, without }: Readonly<Record<Mode, readonly Round[]>>): string[] {
  const [first] = guarded;
  const guardNames = Object.keys(first?.guardMs ?? {});
  const each = guardNames
    .map((name) => ({ name, ms: median(guarded.map(({ guardMs }) => guardMs[name] ?? 0)) }))
    .sort((a, b) => b.ms - a.ms)
    .map(({ name, ms }) => `${name} ${ms.toFixed(0)}`);
  const user = (rounds: readonly Round[]) => median(rounds.map(({ userMs }) => userMs));
  return [
    `${file}: ${first?.stacks} stacks, ${first?.resources} resources; without guards ${spread(without)}, with them ${spread(guarded)}`,
    `${file}: processor time of all threads ${user(without).toFixed(0)} ms without, ${user(guarded).toFixed(0)} ms with, ${(user(guarded) / user(without)).toFixed(2)} ×`,
    `${file}: milliseconds of each guard, the first to ask pays for what all read: ${each.join(', ')}`,
  ];
}

function spread(rounds: readonly Round[]): string {
  const seconds = rounds.map((one) => one.seconds);
  const [low, middle, high] = [Math.min(...seconds), median(seconds), Math.max(...seconds)];
  return `${middle.toFixed(2)} s (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

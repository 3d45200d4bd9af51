import { mkdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { Bench } from './bench';
import { drawCharts } from './charts';
import { type HistoryConditions, machineConditions } from './conditions';
import { BenchError, shown } from './errors';
import { type Measurement, meetsBar } from './figures';
import { appendHistory, type BenchRun, figuresOf, readHistory, regressions, type ScenarioResult } from './history';
import { barOf, formatReport, textOf } from './report';
import { ROOT } from './repository';
import { SCENARIOS, type Scenario } from './scenarios';

const HISTORY = join(ROOT, 'docs/results/benchmark.jsonl');
const PAGE = join(ROOT, 'docs/benchmark.md');
const CHARTS = join(ROOT, 'docs/benchmark');

interface Options {
  readonly only?: readonly string[];
  readonly quick?: boolean;
}

async function main(): Promise<void> {
  const names = SCENARIOS.map(({ name }) => name).join(', ');
  const { only, quick = false } = new Command('bench')
    .description('Measures the model server side by side with others. Needs a quiet machine and an hour.')
    .option('--only <scenario...>', `some of ${names}; writes nothing`)
    .option('--quick', 'short rounds and few connections: shows that all works, measures nothing; writes nothing')
    .parse()
    .opts<Options>();
  const unknown = only?.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name)) ?? [];
  if (unknown.length > 0) throw new BenchError(`--only: no scenario "${unknown.join('", "')}"; there are ${names}`);

  const { run, failed } = await measure(
    SCENARIOS.filter(({ name }) => !only || only.includes(name)),
    quick,
  );
  const history = readHistory(HISTORY);
  const missed = figuresOf(run).filter((figure) => !meetsBar(figure));
  const worse = quick ? [] : regressions(run, history);
  console.log();
  for (const figure of missed) console.log(`MISSED ${figure.id}: ${textOf(figure)}, required ${barOf(figure)}`);
  for (const { id, unit, value, baseline, noise } of worse) {
    const earlier = `earlier runs ${textOf({ value: baseline, unit })}, noise ${textOf({ value: noise, unit })}`;
    console.log(`WORSE ${id}: ${textOf({ value, unit })}; ${earlier}`);
  }
  if (!quick && !only && !failed) write(run, [...history, run]);
  if (failed || missed.length > 0 || worse.length > 0) process.exitCode = 1;
}

/** One scenario that can't be measured doesn't end the others, but such a run is not kept. */
async function measure(scenarios: readonly Scenario[], quick: boolean): Promise<{ run: BenchRun; failed: boolean }> {
  const bench = new Bench(quick, (line) => console.log(line));
  const results: ScenarioResult[] = [];
  let failed = false;
  try {
    const machine = machineConditions(bench.cores);
    console.log(JSON.stringify(machine, null, 2));
    if (quick) console.log('quick: the figures mean nothing');
    await bench.open();
    for (const { name, title, measure } of scenarios) {
      console.log(`\n${name}: ${title}`);
      const measurement = await measure(bench).catch((error: Error): Measurement => {
        if (!(error instanceof BenchError)) throw error;
        failed = true;
        return { figures: [], missing: error.message };
      });
      results.push({ name, title, ...measurement });
      if (measurement.missing !== undefined) console.log(`  not measured: ${measurement.missing}`);
      for (const figure of measurement.figures) {
        bench.figures.set(figure.id, figure);
        console.log(`  ${figure.title}: ${textOf(figure)}${figure.bar ? ` (${barOf(figure)})` : ''}`);
      }
    }
    const histories: Record<string, HistoryConditions> = {};
    for (const { kind, customers, historyLength } of bench.madeWorkloads)
      histories[kind] = { customers, ...historyLength };
    const conditions = { ...machine, histories };
    return { run: { at: new Date().toISOString(), conditions, scenarios: results }, failed };
  } finally {
    bench.close();
  }
}

function write(run: BenchRun, history: readonly BenchRun[]): void {
  mkdirSync(CHARTS, { recursive: true });
  const charts = drawCharts(history);
  for (const { file, svg } of charts) writeFileSync(join(CHARTS, file), svg);
  writeFileSync(PAGE, formatReport(run, charts));
  appendHistory(HISTORY, run);
  console.log(`\nwrote ${PAGE}, its charts, and a line of ${HISTORY}`);
}

// Whoever ends it gets back what it started and made: servers and folders go when the process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

main().catch((error: Error) => {
  console.error(shown(error));
  process.exitCode = 1;
});

/** `npm run loadtest`: the sessions of `loadtest/plan.json`, by the open-loop generator. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { BenchError, shown } from './errors';
import { generateLoad, type LoadPhase } from './load-generator';
import { shopTraffic } from './reliability/shop-traffic';
import { ROOT } from './repository';

/** What a session asks that the generator sends: home, similar, session. An event has to be a new one each time. */
const REQUESTS_PER_SESSION = 3;
/** A ramp is made of steps this long. */
const STEP_SECONDS = 5;
const CONNECTIONS = 500;

interface Plan {
  readonly objective: { readonly errorBudget: number; readonly latencyP99Ms: number };
  readonly scenarios: { readonly sessions: { readonly stages: readonly Stage[] } };
}

interface Stage {
  readonly seconds: number;
  /** Sessions begun a second at its end. */
  readonly target: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      scale: { type: 'string', default: '1' },
      pace: { type: 'string', default: '1' },
    },
  });
  const [port, scale, pace] = (['port', 'scale', 'pace'] as const).map((name) => {
    const number = Number(values[name]);
    if (number > 0) return number;
    throw new BenchError(`--${name} is ${values[name]}; it must be a number above 0`);
  }) as [number, number, number];
  const { objective, scenarios }: Plan = JSON.parse(readFileSync(join(ROOT, 'loadtest/plan.json'), 'utf8'));
  const phases = ramp(scenarios.sessions.stages, scale, pace);
  const { phases: results } = await generateLoad({
    port,
    requests: shopTraffic(await popularItems(port), 1),
    phases,
    connections: Math.min(CONNECTIONS, Math.ceil(Math.max(...phases.map(({ rate }) => Number(rate))))),
    poissonSeed: 1,
  });

  const table = new Table({ head: ['requests/s', 's', 'asked', 'not 2xx', 'p50 ms', 'p99 ms', 'slowest ms'] });
  let late = 0;
  for (const { rate, seconds, intended, accepted } of results) {
    table.push([
      Number(rate).toFixed(0),
      seconds,
      intended,
      intended - accepted.count,
      accepted.p50.toFixed(1),
      accepted.p99.toFixed(1),
      accepted.max.toFixed(0),
    ]);
    if (accepted.p99 > objective.latencyP99Ms) late++;
  }
  const asked = results.reduce((sum, { intended }) => sum + intended, 0);
  const failed = results.reduce((sum, { intended, accepted }) => sum + intended - accepted.count, 0);
  console.log(table.toString());
  console.log(`${failed} of ${asked} failed; allowed is a share of ${objective.errorBudget}`);
  console.log(`${late} of ${results.length} steps had a p99 over ${objective.latencyP99Ms} ms; allowed is none`);
  if (failed > asked * objective.errorBudget || late > 0) process.exitCode = 1;
}

/** Steps up and down, each at the mean of what it replaces. */
function ramp(stages: readonly Stage[], scale: number, pace: number): LoadPhase[] {
  let from = 0;
  return stages.flatMap(({ seconds, target }) => {
    const steps = Math.max(1, Math.round(seconds / pace / STEP_SECONDS));
    const start = from;
    from = target;
    return Array.from({ length: steps }, (_, step) => ({
      rate: Math.max(1, (start + ((target - start) * (step + 0.5)) / steps) * scale * REQUESTS_PER_SESSION),
      seconds: Math.max(1, Math.round(seconds / pace / steps)),
    }));
  });
}

/** Ids that the server's model knows. */
async function popularItems(port: number): Promise<string[]> {
  const url = `http://127.0.0.1:${port}/v1/users/a-first-visitor/recommendations?limit=100`;
  const response = await fetch(url).catch((error: Error) => {
    throw new BenchError(`nothing answers on port ${port}: ${(error.cause as Error | undefined)?.message}`);
  });
  if (!response.ok) throw new BenchError(`${url} answered ${response.status}`);
  const { items } = (await response.json()) as { items: { id: string }[] };
  return items.map(({ id }) => id);
}

main().catch((error: Error) => {
  console.error(shown(error));
  process.exitCode = 1;
});

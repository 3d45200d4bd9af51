import { CapacityPlan } from '../src/declarations/capacity-plan';
import { type Figure, meetsBar } from './figures';
import { type BenchRun, figuresOf, type ScenarioResult } from './history';

/** Charts of the page: file in docs/benchmark/, and what it shows. */
export interface Chart {
  readonly file: string;
  readonly alt: string;
}

/** The page of a run, docs/benchmark.md, whole. */
export function formatReport(run: BenchRun, charts: readonly Chart[]): string {
  return [
    '# Benchmark',
    '',
    `Written by \`npm run bench\` on ${run.at.slice(0, 10)}; every figure is from that one run. Earlier runs are in`,
    '[results/benchmark.jsonl](results/benchmark.jsonl).',
    '',
    ...charts.flatMap(({ file, alt }) => [`![${alt}](benchmark/${file})`, '']),
    '## Figures',
    '',
    'A spread is half the range of the rounds, whose median is given.',
    ...run.scenarios.flatMap(formatScenario),
    ...formatReplicas(run),
    '',
    '## Conditions',
    '',
    ...formatConditions(run),
    '',
    ...METHOD,
  ].join('\n');
}

function formatScenario({ title, figures, missing }: ScenarioResult): string[] {
  const head = ['', `### ${title}`, ''];
  if (missing !== undefined) return [...head, `Not measured: ${missing}.`];
  const rows = figures.map((figure) => `| ${figure.title} | ${textOf(figure)} | ${barOf(figure)} |`);
  return [...head, '| | | bar |', '| --- | --- | --- |', ...rows];
}

/** What one core carries, in replicas, for the load that stacks are planned for unless told otherwise. */
function formatReplicas(run: BenchRun): string[] {
  const measured = figuresOf(run).find(({ id }) => id === 'capacity.ours.real');
  if (!measured) return [];
  const plan = new CapacityPlan();
  const carries = new CapacityPlan({ requestsPerSecondPerReplica: measured.value });
  const users = plan.concurrentUsers.toLocaleString('en');
  const share = Math.round((100 * plan.requestsPerSecondPerReplica) / measured.value);
  return [
    '',
    `## What ${users} visitors need`,
    '',
    `${users} people who think for ${plan.thinkTimeSeconds} s between two requests ask ${rounded(plan.peakRequestsPerSecond)} times a second. One core carries`,
    `${rounded(measured.value)} a second with histories as long as real ones: ${carries.replicasAtPeak} of one core would do.`,
    `\`CapacityPlan\` counts on ${plan.requestsPerSecondPerReplica} a second from a replica, ${share} % of that, and begins with ${plan.initialReplicas} of them: a zone may`,
    'be lost, neighbours may be busy, a customer may ask for reasons, and a new replica has yet to compile its code.',
  ];
}

/** `8,250 requests/s ± 120` */
export function textOf({ value, unit, spread }: Pick<Figure, 'value' | 'unit' | 'spread'>): string {
  const text = `${rounded(value)} ${unit}`;
  return spread === undefined ? text : `${text} ± ${rounded(spread)}`;
}

/** `≥ 8,000, met` */
export function barOf(figure: Figure): string {
  const { bar } = figure;
  if (!bar) return '';
  const text = 'atLeast' in bar ? `≥ ${rounded(bar.atLeast)}` : `≤ ${rounded(bar.atMost)}`;
  return `${text}, ${meetsBar(figure) ? 'met' : 'missed'}`;
}

/** Three significant digits, whole above 100. */
function rounded(value: number): string {
  const whole = Math.abs(value) >= 100;
  return value.toLocaleString('en', whole ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}

function formatConditions({ conditions }: BenchRun): string[] {
  const { cpu, cores, memoryGb, kernel, node, versions, compiler, revision } = conditions;
  const histories = Object.entries(conditions.histories).map(
    ([kind, { customers, mean, median, max }]) =>
      `\`${kind}\` ${customers.toLocaleString('en')} customers with ${mean} items on average (median ${median}, at most ${max})`,
  );
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `- Machine: ${cpu}, ${cores} cores, ${memoryGb} GB, Linux ${kernel}; load before the run ${conditions.loadBefore}`,
    `- Versions: Node ${node}, ${libraries.join(', ')}, ${compiler}; this repository at ${revision}`,
    `- Cores: generator on ${conditions.generatorCore}; each server on ${conditions.serverCores[0]} by taskset, further workers on the next`,
    '- Model: EASE of 4,000 × 4,000 items with random weights (16 MB), top 20 with ids, names and scores, no reasons',
    `- Histories: ${histories.join('; ')}`,
    '- Servers: Node with the options and the environment of `model-server/Dockerfile`; logs at `warn` and no result cache, but where they are measured; keep-alive for 65 s',
  ];
}

const METHOD = `## How it is measured

- **The generator** (\`bench/load-generator/\`) is a program of our own in C: one thread, epoll, HTTP/1.1 over keep-alive
  connections that are open before the clock starts. In an open loop arrivals are evenly spaced and never wait for
  answers; latency counts from the intended start, so that a request that waits for a connection, or that the generator
  sends late, waits in the figures too. Durations are in buckets of 0.2 %. A load in which the generator itself came
  more than 10 ms late (p99) is measured again, and the third time ends the benchmark. So is one during which the
  machine's host took more than 0.5 % of the time from the cores of generator and server (\`steal\`), whatever came
  out; the third one counts.
- **The highest rate** is searched by strides of 1.2 and then by halves, in steps of 250 requests a second (Express
  100, FastAPI 50), 8 s each after 5 s of warm-up. A rate holds when p99 < 100 ms, at most 1 request of 100,000
  fails, and at most 1 % of our server's answers come from a lower rung than the model's; it is tried three times before
  it counts as too high, and the final one holds once more. After all servers were searched, each is visited again and
  climbs as far as it bears more, because the machine may have been slow for all the minutes of a search.
- **Processor time** is utime + stime of the process and all its threads over the requests answered, in a closed loop;
  servers and settings take turns, round by round. There our server's deadline is off, so that every answer costs a run.
- **Settings of our server** are compared by turns of 2 s between servers that run side by side on one core, ten rounds
  forwards and backwards; the three fastest of each count, because a machine's neighbours only make a server slower.
- **Regressions**: a figure that is worse than the median of the last ten runs on the same processor model, number of
  cores and Node major version by more than its noise fails the command; \`bench/history.ts\` says what noise is.

## What differs between the servers

All answer the same requests with the same items, names and scores in the same JSON from the same ONNX model, one process
each, one onnxruntime thread. What is not the same:

- Ours reads histories from files and keeps 10,000 in memory for 5 s each, checks requests strictly, counts metrics,
  sets its security headers, and answers by popular items when the model is late. The others keep histories in memory.
- FastAPI (\`bench/peers/fastapi/\`) is written as its documentation does: lifespan, pydantic response model; uvicorn with
  uvloop and httptools, no access log, keep-alive 65 s instead of 5. \`async def\` is what its page about lifespan events
  does with a model; \`def\`, which runs in a pool of threads, is what its page about concurrency says of libraries that
  can't be awaited. The bar is against the faster of the two.
- Express (\`bench/peers/express.ts\`) awaits a model run for each request and answers by \`res.json\`, with its default
  settings (entity tags on).

## Run it

    npm run bench                                # all, an hour; writes this page
    npm run bench -- --only capacity --quick     # one scenario, short rounds; writes nothing

It needs Linux, two cores (three for two workers) that do nothing else, \`cc\`, \`taskset\` and Python 3.10 for FastAPI, which
is installed into the user's cache folder on first use. It ends with 1 when a bar is missed or a figure regressed.
`.split('\n');

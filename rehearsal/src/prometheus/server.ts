import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RehearsalError } from '../errors';
import { compiledFile } from '../process/compiled';
import { freePort } from '../process/free-port';
import { run } from '../process/run';
import { startService } from '../process/service';
import { prometheusPrograms } from '../toolchain/prometheus';

const START_SECONDS = 60;
const CHECK_SECONDS = 30;

export interface StartPrometheusOptions {
  /** prometheus.yml: `{ global: { scrape_interval: '1s' }, scrape_configs: […] }`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Groups of rules, as a rule file has them; evaluated beside any `rule_files` of the config. @default [] */
  readonly groups?: readonly object[];
  /** Further options of its command line: `['--web.enable-otlp-receiver']`. */
  readonly args?: readonly string[];
  /**
   * What it knows before it starts, as OpenMetrics with times and the last line `# EOF`.
   * @default - nothing
   */
  readonly history?: string;
  /** @default - a free one */
  readonly port?: number;
  /** Told of slow first-time work. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface PrometheusServer {
  readonly port: number;
  /** `http://127.0.0.1:9090` */
  readonly url: string;
  /**
   * What an expression is worth now, a sample for each series of it; none where there is nothing.
   *
   * @throws RehearsalError with what Prometheus said of the expression
   */
  query(expression: string): Promise<Sample[]>;
  /** The data that its API answers to a GET: `api('/api/v1/rules')`. @throws RehearsalError with what it said */
  api(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts a Prometheus on 127.0.0.1, empty unless it is given a history. It ends with `stop()`, or with this process, and keeps nothing.
 *
 * @throws RehearsalError when it can't be had, or doesn't take its configuration or rules
 */
export async function startPrometheus(options: StartPrometheusOptions): Promise<PrometheusServer> {
  const { config, groups = [], args = [], history, onProgress, signal } = options;
  const { prometheus, promtool } = await prometheusPrograms({ onProgress, signal });
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const file = await writeFiles(folder, config, groups);
    const check = await run(promtool, ['check', 'config', file], { timeoutSeconds: CHECK_SECONDS, signal });
    if (check.exitCode !== 0) throw new RehearsalError('Prometheus does not take its files', check.output.trim());
    const data = join(folder, 'data');
    if (history !== undefined) await writeBlocks(promtool, { history, folder, data }, signal);
    const port = options.port ?? (await freePort());
    const url = `http://127.0.0.1:${port}`;
    const { stop } = await startService({
      title: 'Prometheus',
      command: process.execPath,
      args: [
        ...[compiledFile('process/guard.js'), prometheus, `--config.file=${file}`],
        ...[`--storage.tsdb.path=${data}`, `--web.listen-address=127.0.0.1:${port}`, ...args],
      ],
      env: process.env,
      probe: async () => ((await fetch(`${url}/-/ready`).catch(() => undefined))?.ok ? true : undefined),
      startSeconds: START_SECONDS,
      signal,
    });
    const api = (path: string) => dataOf(`${url}${path}`);
    return {
      port,
      url,
      query: async (expression) => samplesOf(await api(`/api/v1/query?query=${encodeURIComponent(expression)}`)),
      api,
      stop: async () => {
        await stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @returns path of prometheus.yml */
async function writeFiles(
  folder: string,
  config: StartPrometheusOptions['config'],
  groups: readonly object[],
): Promise<string> {
  const [file, rules] = [join(folder, 'prometheus.yml'), join(folder, 'rules.yml')];
  const { rule_files = [] } = config as { rule_files?: string[] };
  // JSON is YAML.
  await writeFile(rules, JSON.stringify({ groups }));
  await writeFile(file, JSON.stringify({ ...config, rule_files: [...rule_files, rules] }));
  return file;
}

async function writeBlocks(
  promtool: string,
  { history, folder, data }: { readonly history: string; readonly folder: string; readonly data: string },
  signal?: AbortSignal,
): Promise<void> {
  const file = join(folder, 'history.txt');
  await writeFile(file, history);
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, data];
  const { exitCode, output } = await run(promtool, args, { timeoutSeconds: START_SECONDS, signal });
  if (exitCode !== 0) throw new RehearsalError('Prometheus does not take the history', output.trim());
}

async function dataOf(url: string): Promise<unknown> {
  const response = await fetch(url);
  const answer = (await response.json()) as { status: string; data?: unknown; error?: string };
  if (answer.status !== 'success') throw new RehearsalError(`Prometheus answered: ${answer.error}`, `GET ${url}`);
  return answer.data;
}

type Timed = readonly [seconds: number, value: string];
type QueryData =
  | { readonly resultType: 'vector'; readonly result: readonly { metric: Record<string, string>; value: Timed }[] }
  | { readonly resultType: 'scalar'; readonly result: Timed }
  | { readonly resultType: 'matrix' | 'string' };

function samplesOf(data: unknown): Sample[] {
  const query = data as QueryData;
  if (query.resultType === 'vector') {
    return query.result.map(({ metric, value }) => ({ labels: metric, value: numberOf(value) }));
  }
  if (query.resultType === 'scalar') return [{ labels: {}, value: numberOf(query.result) }];
  throw new RehearsalError(`The expression is a ${query.resultType}, which has no value at one time`);
}

/** Prometheus writes infinity as `+Inf`. */
const numberOf = ([, value]: Timed) => (/Inf$/.test(value) ? Number(value.replace('Inf', 'Infinity')) : Number(value));

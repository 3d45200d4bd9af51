import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fluentBitConfig } from '../constructs/kubernetes/logging/fluent-bit-config';
import { lokiOutput } from '../constructs/kubernetes/logging/loki-values';
import { environmentVariable } from '../model-server/src/config';
import { MODEL, post, publish, request, Workbench } from './model-server/fixtures';

/*
 * Fluent Bit is in none of Debian's, Python's and npm's registries, so the real one doesn't run here. These are its
 * steps, as its documentation has them, with what the shipped configuration says of each.
 */

type LogRecord = Record<string, unknown>;

/** Sections of the shipped configuration: name, and its entries in their order. */
const CONFIG = Object.values(fluentBitConfig(lokiOutput()))
  .join('\n')
  .split(/^\[(?=[A-Z]+\]$)/m)
  .slice(1)
  .map((section) => {
    const [name = '', ...lines] = section.split('\n');
    const entries = lines.filter(Boolean).map((line) => /^ {4}(\S+) (.*)$/.exec(line)?.slice(1) as [string, string]);
    return { name: name.replace(']', ''), entries };
  });
const section = (name: string, plugin?: string) => {
  const found = CONFIG.find(
    (one) => one.name === name && (!plugin || one.entries.some(([key, value]) => key === 'Name' && value === plugin)),
  );
  if (!found) throw new Error(`the configuration has no ${name} ${plugin}`);
  return found.entries;
};
const value = (entries: readonly [string, string][], key: string) => entries.find(([name]) => name === key)?.[1];

/** Of Fluent Bit's built-in parser `cri`: src/multiline/flb_ml_parser_cri.c */
const CRI = /^(?<time>.+?) (?<stream>stdout|stderr) (?<_p>F|P) (?<log>.*)$/;
const KUBERNETES = {
  namespace_name: 'recommender',
  pod_name: 'model-server-6d5f7c9b8-x2x7k',
  container_name: 'model-server',
  labels: { 'app.kubernetes.io/name': 'model-server' },
};

/** What the filters make of a file of containerd's. */
function recordsOf(file: readonly string[]): { at: string; keys: string[]; record: LogRecord }[] {
  expect(value(section('INPUT', 'tail'), 'multiline.parser')).toBe('cri');
  const removed = section('FILTER', 'record_modifier').flatMap(([key, name]) => (key === 'Remove_key' ? name : []));
  const filter = section('FILTER', 'kubernetes');
  expect([value(filter, 'Merge_Log'), value(filter, 'Keep_Log')]).toEqual(['On', 'Off']);
  const parser = section('PARSER', value(filter, 'Merge_Parser') as string);
  expect(parser).toEqual([expect.anything(), ['Format', 'json']]);
  let begun = '';
  return file.flatMap((line) => {
    const frame = CRI.exec(line)?.groups;
    if (!frame) throw new Error(`containerd never writes ${line}`);
    begun += frame.log;
    if (frame._p === 'P') return [];
    const framed = Object.entries({ ...frame, log: begun }).filter(([key]) => !removed.includes(key));
    begun = '';
    const { log, ...rest } = Object.fromEntries(framed);
    const merged = objectOf(log as string);
    const own: LogRecord = merged ?? { log };
    // Each key as often as the record would have it.
    const keys = [...Object.keys(rest), ...Object.keys(own), 'kubernetes'];
    return [{ at: frame.time as string, keys, record: { ...rest, ...own, kubernetes: KUBERNETES } }];
  });
}

function objectOf(text: string): LogRecord | undefined {
  try {
    const parsed = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** `namespace=$kubernetes['namespace_name']` → `recommender` */
function pick(record: LogRecord, list: string): Record<string, unknown> {
  return Object.fromEntries(
    list.split(',').map((pair) => {
      const [, name = '', key = '', inner] = /^(\w+)=\$(\w+)(?:\['(\w+)'\])?$/.exec(pair) ?? [];
      const found = record[key];
      return [name, inner ? (found as LogRecord | undefined)?.[inner] : found];
    }),
  );
}

const TIME = '2026-11-22T06:15:00.123456789Z';
const framed = (line: string, part = 'F') => `${TIME} stdout ${part} ${line}`;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

const bench = new Workbench();
const lines: string[] = [];
let server: ChildProcess;

/** All that a server writes from its start to its end: requests that are answered, refused and traced among it. */
beforeAll(async () => {
  const { store, users } = await bench.config();
  await publish(store);
  const settings = { store, users, model: MODEL, port: 0, drainSeconds: 0, traceSlowMs: 0 };
  const env = Object.entries(settings).map(([name, of]) => [environmentVariable(name), `${of}`]);
  server = spawn(process.execPath, [join(__dirname, '../model-server/dist/main.js')], {
    env: Object.fromEntries(env),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = createInterface({ input: server.stdout as NodeJS.ReadableStream });
  output.on('line', (line) => lines.push(line));
  while (!lines.some((line) => line.includes('model version serves'))) await once(output, 'line');
  const url = lines.map((line) => JSON.parse(line).url).find(Boolean);
  const headers = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
  await request(`${url}/v1/users/ann/recommendations`, { headers });
  await request(`${url}/v1/users/ann/recommendations?limit=none`);
  await post(`${url}/v1/events`, { events: [{ id: 'e-1', user: 'ann', item: 'item-1', type: 'purchase' }] });
  server.kill('SIGTERM');
  await once(server, 'close');
});
afterAll(() => bench.cleanUp());

test('every line of the server is one record, and no key of it is there twice', () => {
  const records = recordsOf(lines.map((line) => framed(line)));
  expect(records).toHaveLength(lines.length);
  for (const { keys } of records) expect([...keys].sort()).toEqual([...new Set(keys)].sort());
  expect(records.map(({ record }) => record.msg)).toContain('model version serves');
  expect(records.filter(({ record }) => 'log' in record)).toEqual([]);
});

test("without the filter that takes containerd's time away, the server's would be a second one", () => {
  const [line = ''] = lines;
  expect(Object.keys(JSON.parse(line))).toContain('time');
  expect(section('FILTER', 'record_modifier')).toContainEqual(['Remove_key', 'time']);
});

test("a request's line keeps its trace, and Loki gets it as metadata beside the pod", () => {
  const all = recordsOf(lines.map((line) => framed(line)));
  const traced = all.find(({ record }) => record.trace_id === TRACE);
  expect(traced?.record).toMatchObject({ route: '/v1/users/:user/recommendations', status: 200, level: 30 });
  const output = section('OUTPUT', 'loki');
  const record = traced?.record as LogRecord;
  expect(pick(record, value(output, 'Structured_Metadata') as string)).toEqual({
    pod: 'model-server-6d5f7c9b8-x2x7k',
    trace_id: TRACE,
  });
  expect(pick(record, value(output, 'Labels') as string)).toEqual({
    namespace: 'recommender',
    container: 'model-server',
    stream: 'stdout',
  });
});

test('a line that containerd cut in parts is whole again', () => {
  const line = lines.find((one) => one.includes(TRACE)) as string;
  const [first, second, third] = [line.slice(0, 40), line.slice(40, 80), line.slice(80)];
  const [whole] = recordsOf([framed(first, 'P'), framed(second, 'P'), framed(third)]);
  expect(whole?.record).toMatchObject(JSON.parse(line));
});

test('what is no JSON, such as the last words of a process that broke, is kept as it is', () => {
  const [broken] = recordsOf([framed('FATAL ERROR: Reached heap limit')]);
  expect(broken?.record).toMatchObject({ log: 'FATAL ERROR: Reached heap limit', stream: 'stdout' });
  expect(broken?.at).toBe(TIME);
});

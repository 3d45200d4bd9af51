import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { MODEL_SERVER_SERVICE_ACCOUNT } from '../constructs/kubernetes';
import { METRICS } from '../model-server/src/metric-names';

const FOLDER = join(__dirname, '../docs/runbooks');
/** As built, because jest can't load the ES modules that it imports. */
const CLI = join(__dirname, '../dist/cli/main.js');
const RUNBOOKS = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
const text = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
/** Commands in blocks and in running text. */
const commands = (name: string, tool: string): string[] =>
  [...text(name).matchAll(new RegExp(`(?:^|\`)(${tool} [^\`\\n|]+)`, 'gm'))].map(([, command = '']) => command.trim());
const queries = (name: string): string[] =>
  [...text(name).matchAll(/^```promql\n(.*?)^```$/gms)].flatMap(([, block = '']) => block.trim().split('\n'));

test.each(RUNBOOKS)('%s tells what to look at and what to do', (name) => {
  expect(text(name).match(/^#+ .*$/gm)).toEqual([`# ${name.replace('.md', '')}`, '## Look', '## Act']);
});

test('every command of ours exists', () => {
  const used = new Set(RUNBOOKS.flatMap((name) => commands(name, 'recommender')).map(withoutArguments));
  expect([...used]).toEqual(expect.arrayContaining(['model list', 'model rollback']));
  for (const command of used) {
    const { stdout, stderr } = spawnSync(process.execPath, [CLI, ...command.split(' '), '--help'], {
      encoding: 'utf8',
    });
    expect(stdout + stderr).toContain(`Usage: recommender ${command} [options]`);
  }
});

test('every namespace and workload that kubectl is asked for is one we deploy to', () => {
  const used = RUNBOOKS.flatMap((name) => commands(name, 'kubectl'));
  const namespaces = new Set(used.flatMap((command) => /-n (\S+)/.exec(command)?.[1] ?? []));
  expect([...namespaces].sort()).toEqual([
    'kube-system',
    'logging',
    'monitoring',
    MODEL_SERVER_SERVICE_ACCOUNT.namespace,
  ]);
  const workloads = used.flatMap((command) => /(?:deployment[/ ]|hpa |component=)([\w-]+)/.exec(command)?.[1] ?? []);
  expect([...new Set(workloads)]).toEqual(['model-server']);
});

test('every text that a log is searched for is one the server logs', () => {
  const searched = RUNBOOKS.flatMap((name) => [...text(name).matchAll(/\| grep '([^']+)'/g)].map(([, what]) => what));
  expect(new Set(searched)).toEqual(new Set(['"level":50', 'model not loaded']));
  expect(readFileSync(join(FOLDER, '../../model-server/src/model-follower.ts'), 'utf8')).toContain(
    '`model not loaded: ',
  );
  expect(pino.levels.values.error).toBe(50);
});

test('every query is of a metric that the server exports', () => {
  const names = RUNBOOKS.flatMap(queries).flatMap((query) => query.match(/recommender_\w+/g) ?? []);
  const exported = new Set<string>(Object.values(METRICS).flatMap((name) => [name, `${name}_bucket`, `${name}_count`]));
  expect(names.length).toBeGreaterThan(3);
  expect(names.filter((name) => !exported.has(name))).toEqual([]);
});

/** `recommender model show production` → `model show` */
function withoutArguments(command: string): string {
  return command.split(' ').slice(1, 3).join(' ');
}

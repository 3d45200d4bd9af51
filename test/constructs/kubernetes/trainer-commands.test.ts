import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TrainingData } from '../../../constructs/kubernetes';
import { evaluate, promote, trainAndPromote, trainOnly } from '../../../constructs/kubernetes/batch/trainer-commands';
import { transactions } from '../../trainer/shop-file';

const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'jobs-'));
const store = join(folder, 'store');
const data = TrainingData.inImage(join(folder, 'shop.csv'));
const period = { data, testDays: 60 };

/** Runs a container's command as it is there: a shell, `recommender` on the path, a user without a name. */
function run(command: readonly string[]) {
  // The container's /tmp is its own.
  const [program = '', ...args] = command.map((text) => text.replace(/\/tmp\/(?=result|version)/g, `${folder}/`));
  return spawnSync(program, args, {
    encoding: 'utf8',
    env: { PATH: `${folder}/bin:${dirname(process.execPath)}:/usr/bin:/bin`, RECOMMENDER_STORE: store },
    ...(process.getuid?.() === 0 && { uid: 10001, gid: 10001 }),
  });
}
const shown = (reference: string) => {
  const { status, stdout } = run(['recommender', 'model', 'show', reference, '--json']);
  return status === 0 ? JSON.parse(stdout) : undefined;
};

beforeAll(() => {
  mkdirSync(join(folder, 'bin'));
  for (const place of [folder, store]) {
    mkdirSync(place, { recursive: true });
    chmodSync(place, 0o777);
  }
  symlinkSync(join(__dirname, '../../../bin/recommender.js'), join(folder, 'bin/recommender'));
  // The shop's ten months, so that they end yesterday.
  const last = Date.UTC(2011, 9, 27);
  const until = (text: string) => new Date(Date.parse(text) - last + Date.now() - DAY).toISOString().slice(0, 10);
  writeFileSync(data.file, transactions(7).replace(/2011-\d\d-\d\d/g, until));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a training registers a version that is tested on the days before now, and points the channel to it', () => {
  const { status, stderr } = run(trainAndPromote(period, 'candidate', { 'ndcg@20': 0.01 }));
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('candidate points to it') });
  const { manifest, runs } = shown('candidate');
  expect(manifest.evaluation.cut).toBe(new Date(Date.now() - 60 * DAY).toISOString().slice(0, 10));
  expect(runs).toHaveLength(1);
});

test('a training whose version is not as good as required fails, and leaves the channel', () => {
  const { status, stderr } = run(trainAndPromote(period, 'strict', { 'ndcg@20': 0.99 }));
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('0.99 is required') });
  expect(shown('strict')).toBeUndefined();
});

test('an evaluation prints how good each algorithm is on the same days', () => {
  const { status, stdout } = run(evaluate(period));
  expect(status).toBe(0);
  const { algorithms } = JSON.parse(stdout);
  expect(algorithms.length).toBeGreaterThan(2);
  expect(algorithms[0].metrics['ndcg@20'].value).toBeGreaterThan(0);
});

test('the steps of a workflow hand the version on: what was trained is what is promoted', () => {
  expect(run(trainOnly(period)).status).toBe(0);
  const version = readFileSync(join(folder, 'version'), 'utf8').trim();
  expect(version).toMatch(/^[0-9a-f]{64}$/);
  expect(run(promote(version, 'from-workflow', { 'ndcg@20': 0.01 })).status).toBe(0);
  expect(shown('from-workflow').version).toBe(version);
});

test('a training that fails leaves no version for the next step', () => {
  rmSync(join(folder, 'version'), { force: true });
  const missing = { ...period, data: TrainingData.inImage('/missing.csv') };
  const { status, stderr } = run(trainOnly(missing));
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('/missing.csv') });
  expect(() => readFileSync(join(folder, 'version'))).toThrow('ENOENT');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recommender } from './recommender';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOCAL = {
  owner: 'shop',
  budget: { notify: ['platform@shop.test'] },
  environments: {},
  local: { context: 'kind' },
};
const check = (config: object, ...args: string[]) => {
  writeFileSync(join(folder, 'recommender.config.json'), JSON.stringify(config));
  return recommender(['config', 'check', '--project', folder, ...args]);
};

describe('config check', () => {
  test('says that a config is right, and what a deploy still needs', async () => {
    const { exitCode, stdout } = await check(LOCAL);
    expect(stdout).toMatch(/^local\n {4}· a deploy still needs the image model-server:local/);
    expect(stdout.trimEnd()).toMatch(/\nThe config is right, and the guards refuse nothing\.$/);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(exitCode).toBe(0);
  }, 120_000);

  test('gives programs the same as JSON', async () => {
    const { stdout } = await check(LOCAL, '--json');
    expect(JSON.parse(stdout)).toEqual([
      { level: 'info', path: 'local', message: expect.stringMatching(/^a deploy still needs/) },
    ]);
  }, 120_000);

  test('fails by a suppression that ended, as the guard does, and warns of one of nothing', async () => {
    const suppression = { rule: 'AWS-S3-001', path: 'local/Store', reason: 'The store is made anew in spring.' };
    const suppressions = ['2026-01-31', '2999-12-31'].map((until) => ({ ...suppression, until }));
    const { exitCode, stdout } = await check({ ...LOCAL, security: { suppressions } }, '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining([
        { level: 'error', path: 'local', message: expect.stringContaining('ended on 2026-01-31. Mend') },
        { level: 'warning', path: 'local', message: expect.stringContaining('suppresses nothing. Remove it') },
      ]),
    );
  }, 120_000);

  test('tells all mistakes at once', async () => {
    const { exitCode, stderr } = await check({ ...LOCAL, owner: '', slo: { latencyP99Ms: 99 }, colour: 'red' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('has 3 mistakes');
  }, 120_000);
});

describe('config explain', () => {
  const explain = (...args: string[]) => recommender(['config', 'explain', ...args]);

  test('says what a setting is, what it is when left out, and what is allowed, of any environment', async () => {
    const { stdout } = await explain('environments.prod.aws.profile');
    expect(stdout).toContain('environments.<name>.aws.profile ("lean")\n');
    expect(stdout).toContain('One of lean, standard, regulated.');
  }, 120_000);

  test('says what is in a group', async () => {
    const { stdout } = await explain('slo', '--json');
    expect(JSON.parse(stdout).map(({ path }: { path: string }) => path)).toEqual([
      'slo',
      'slo.availabilityPercent',
      'slo.latencyP99Ms',
      'slo.windowDays',
    ]);
  }, 120_000);

  test('knows no other', async () => {
    const { exitCode, stderr } = await explain('slo.p50');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('there is no setting slo.p50')]);
  }, 120_000);
});

import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { transactions } from '../trainer/shop-file';
import { recommender } from './recommender';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
let folder: string;
let data: string;
let store: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  data = join(folder, 'shop.csv');
  store = join(folder, 'store');
  await writeFile(data, transactions(7));
});
afterAll(() => rm(folder, { recursive: true }));

const train = (...args: string[]) =>
  recommender(['train', '--data', data, '--store', store, '--cut', '2011-06-01', '--json', ...args]);

describe('recommender', () => {
  it('lists its commands and exit codes', async () => {
    const { exitCode, stdout } = await recommender(['--help']);
    expect(exitCode).toBe(0);
    for (const command of ['data', 'train', 'model', 'users', 'serve', 'compare', 'rehearse', 'manifests', 'doctor']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    }
    expect(stdout).toContain('Exit codes:');
  });

  it('tells its version', async () => {
    const { exitCode, stdout } = await recommender(['--version']);
    expect(exitCode).toBe(0);
    expect(stdout.trim()).toBe(require('../../package.json').version);
  });

  it('stays within 80 columns in its help', async () => {
    const helpOf = async (...command: string[]) => (await recommender([...command, '--help'])).stdout.split('\n');
    const help = await helpOf();
    const commands = help.slice(help.indexOf('Commands:')).flatMap((line) => /^ {2}([a-z]+) /.exec(line)?.[1] ?? []);
    expect(commands).toEqual(expect.arrayContaining(['train', 'report', 'doctor']));
    for (const command of commands) help.push(...(await helpOf(command)));
    for (const command of ['promote', 'rollback']) help.push(...(await helpOf('model', command)));
    expect(help.filter((line) => line.length > 80)).toEqual([]);
  });

  it('exits with 2 on an unknown command and suggests the near one', async () => {
    const { exitCode, stderr } = await recommender(['trian']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean train?');
  });

  it('exits with 2 on an option out of bounds, naming the bounds', async () => {
    const { exitCode, stderr } = await recommender(['serve', '--port', '70000']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('allowed are whole numbers from 0 to 65535');
  });
});

describe('recommender data check', () => {
  it('accounts for every line as JSON', async () => {
    const { exitCode, stdout } = await recommender(['data', 'check', '--data', data, '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lines: 800, kept: 800, customers: 40, items: 30 });
  });

  it('exits with 2 when too much is malformed, in one line without a stack', async () => {
    const broken = join(folder, 'broken.csv');
    await writeFile(broken, `${HEADER}\n1,20001,MUG,x,2011-01-01 10:00:00,1,100,France\n`);
    const { exitCode, stderr } = await recommender(['data', 'check', '--data', broken]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('recommender: ');
    expect(stderr).toContain('1 of 1 lines are malformed');
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it('says so when the file is missing', async () => {
    const { exitCode, stderr } = await recommender(['data', 'check', '--data', join(folder, 'none.csv')]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('none.csv');
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});

describe('recommender train and model', () => {
  let first: string;
  beforeAll(async () => {
    const { exitCode, stdout, stderr } = await train('--promote');
    if (exitCode !== 0) throw new Error(stderr);
    first = JSON.parse(stdout).version;
  });

  it('registers a version and points the channel to it', async () => {
    const { stdout } = await recommender(['model', 'list', '--store', store, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ version: first, algorithm: 'ease', channels: ['production'] }]);
  });

  it('gives the same version for the same data', async () => {
    const { stdout } = await train();
    expect(JSON.parse(stdout).version).toBe(first);
  });

  it('shows a version by a prefix of it', async () => {
    const { exitCode, stdout } = await recommender(['model', 'show', first.slice(0, 8), '--store', store]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(first);
    expect(stdout).toContain('ndcg@20');
  });

  it.each([
    [['train', '--cut', '2011-13-01'], 'allowed are days of the form YYYY-MM-DD'],
    [['train', '--model', 'Shop'], '"Shop" is not a model name'],
    [['model', 'list', '--store', 'ftp://shop'], 'the scheme "ftp:", which is not supported'],
    [['users', 'load', 'none.jsonl'], 'none.jsonl'],
  ])('exits with 2 on what it can not use: %j', async (args, message) => {
    const { exitCode, stderr } = await recommender(args, { cwd: folder });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(exitCode).toBe(2);
  });

  it('marks the one step that failed', async () => {
    const { stderr } = await recommender(['evaluate', '--data', data, '--cut', '2015-01-01']);
    expect(stderr).toContain('✔ Read and clean');
    expect(stderr).not.toContain('✖ Read and clean');
    expect(stderr).toContain('the cut 2015-01-01 leaves no customer');
  });

  it('refuses to roll back a channel that had no other version', async () => {
    const { exitCode, stderr } = await recommender(['model', 'rollback', '--store', store, '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'NO_PREVIOUS' });
  });

  it('promotes another version and rolls back to the first', async () => {
    const other = join(folder, 'other.csv');
    await writeFile(other, transactions(8));
    const second = JSON.parse((await train('--data', other)).stdout).version;
    const promoted = await recommender(['model', 'promote', second, '--store', store, '--by', 'tester', '--json']);
    expect(JSON.parse(promoted.stdout)).toMatchObject({ version: second, previous: first, promotedBy: 'tester' });
    const rolledBack = await recommender(['model', 'rollback', '--store', store, '--json']);
    expect(JSON.parse(rolledBack.stdout)).toMatchObject({ version: first, previous: second });
  });

  it('promotes a version that is as good as required, by the lower end of its interval', async () => {
    const { metrics } = JSON.parse(
      (await recommender(['model', 'show', first, '--store', store, '--json'])).stdout,
    ).manifest;
    const { value, low } = metrics['ndcg@20'];
    expect(low).toBeLessThan(value);
    const promote = (least: number) => {
      const required = ['--require', 'recall@20=0', '--require', `ndcg@20=${least}`];
      return recommender(['model', 'promote', first, '--channel', 'good', '--store', store, ...required]);
    };
    const refused = await promote(value);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(
      /is not promoted: ndcg@20 is 0\.\d+, maybe as low as 0\.\d+, and 0\.\d+ is required/,
    );
    expect((await recommender(['model', 'show', 'good', '--store', store])).exitCode).toBe(1);
    expect((await promote(low)).exitCode).toBe(0);
    expect((await recommender(['model', 'show', 'good', '--store', store])).stdout).toContain(first);
  });

  it('registers a trained version that is not as good as required, and points no channel to it', async () => {
    const { exitCode, stderr } = await train('--promote', '--channel', 'strict', '--require', 'ndcg@20=0.99');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('0.99 is required');
    const { stdout } = await recommender(['model', 'list', '--store', store, '--json']);
    expect(JSON.parse(stdout).flatMap(({ channels }: { channels: string[] }) => channels)).not.toContain('strict');
  });

  it.each([
    ['ndcg@20', 2, 'allowed is metric=value, such as ndcg@20=0.05.'],
    ['clicks=1', 1, 'has no metric clicks'],
  ])('with --require %s exits with %d, and says why', async (required, expected, message) => {
    const { exitCode, stderr } = await recommender([
      'model',
      'promote',
      first,
      '--store',
      store,
      '--require',
      required,
    ]);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(expected);
  });

  (process.getuid?.() === 0 ? it : it.skip)('runs as a user without a name, as in a container', async () => {
    const { exitCode, stdout } = await recommender(['model', 'promote', '--help'], { uid: 10001 });
    expect(stdout).toContain('uid 10001');
    expect(exitCode).toBe(0);
  });

  it('shows how each cluster gets on with what a channel points to', async () => {
    const none = await recommender(['model', 'rollouts', '--store', store]);
    expect(none).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('No cluster told of "production" yet'),
    });
    const registry = await openModelRegistry(store, 'online-retail');
    const rollout = {
      version: first,
      promotedAt: '2026-01-01T00:00:00.000Z',
      previous: 'seed',
      verdict: 'rolled-back' as const,
      reason: 'Failed: the latency',
      at: '2026-01-01T00:05:00.000Z',
    };
    await registry.rollouts.record('production', 'shop-prod', rollout);
    const json = await recommender(['model', 'rollouts', '--store', store, '--json']);
    expect(JSON.parse(json.stdout)).toEqual([{ cluster: 'shop-prod', ...rollout }]);
    const { stdout } = await recommender(['model', 'rollouts', '--store', store]);
    expect(stdout).toMatch(
      new RegExp(`shop-prod +${first.slice(0, 12)} +rolled-back +2026-01-01 00:05 +Failed: the latency`),
    );
  });

  it('exits with 1 on a version that is not there, and says what to do', async () => {
    const { exitCode, stderr } = await recommender(['model', 'show', 'abcdef12', '--store', store]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('abcdef12');
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });
});

describe('recommender users load', () => {
  it('loads what the transactions hold, and again without harm', async () => {
    const users = join(folder, 'users');
    for (let time = 0; time < 2; time++) {
      const { exitCode, stdout } = await recommender(['users', 'load', '--data', data, '--users', users, '--json']);
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout).users).toBe(40);
    }
  });

  it('says in one line that it can not write', async () => {
    const nowhere = join(folder, 'nowhere');
    await symlink(join(folder, 'gone'), nowhere);
    const { exitCode, stderr } = await recommender(['users', 'load', '--data', data, '--users', nowhere]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("can't write to");
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it('exits with 2 on a line that is no history, names it and loads nothing', async () => {
    const file = join(folder, 'users.jsonl');
    await writeFile(file, '{"user":"a","events":[]}\n{"user":"b"}\n');
    const { exitCode, stderr } = await recommender(['users', 'load', file, '--users', join(folder, 'none')]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('line 2');
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});

describe('recommender serve', () => {
  it('exits with 1 when the port is taken, in one line', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { exitCode, stderr } = await recommender(['serve', '--port', String(port), '--store', store]);
    other.close();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${port}`);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});

describe('recommender doctor', () => {
  it('answers a finding for each thing it looked for, with a fix for what is missing', async () => {
    const { exitCode, stdout } = await recommender(['doctor', 'run', 'rehearse', '--json']);
    const findings: { ok: boolean; name: string; fix?: string }[] = JSON.parse(stdout);
    expect(findings.map(({ name }) => name)).toEqual(['node', 'terraform', 'python3', 'AWS provider']);
    expect(findings.filter(({ ok, fix }) => ok === (fix !== undefined))).toEqual([]);
    expect(exitCode).toBe(findings.every(({ ok }) => ok) ? 0 : 3);
  });
});

describe('recommender rehearse', () => {
  it('exits with 3 without Terraform and Python, and says how to get them', async () => {
    const { exitCode, stderr } = await recommender(['rehearse', 'aws-prod'], { env: { PATH: folder } });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('a rehearsal needs terraform (not on PATH), python3 (not on PATH)');
    expect(stderr).toContain('https://developer.hashicorp.com/terraform/install');
  });

  it('exits with 2 on a stack that the config does not declare', async () => {
    const { exitCode, stderr } = await recommender(['rehearse', 'aws-prod', 'aws-moon'], { env: { PATH: folder } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('aws-prod');
  });
});

import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { transactions } from '../trainer/shop-file';
import { recommender, startRecommender } from './recommender';

let folder: string;
let empty: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-demo-'));
  empty = join(folder, 'empty');
  await mkdir(empty);
});
afterAll(() => rm(folder, { recursive: true }));

/** A small shop that knows the customer and the items that the demo asks about. */
async function shop(): Promise<string> {
  const path = join(folder, 'shop.csv');
  const bought = ['85123A', '21733', '20001', '20002'].flatMap((item) => [
    `1,${item},HEART ${item},1,2011-03-01 10:00:00,1.5,12347,Iceland`,
    `2,${item},HEART ${item},1,2011-04-01 10:00:00,1.5,10001,Iceland`,
  ]);
  await writeFile(path, `${transactions(7)}${bought.join('\n')}\n`);
  return path;
}

it('does all but the deploy without Terraform and Python, and says how to get them', async () => {
  const { exitCode, stdout, stderr } = await recommender(['demo', '--exit', '--data', await shop()], {
    cwd: folder,
    env: { PATH: empty },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('✔ Start the model server') });
  expect(stdout).toContain('Customer 12347 bought 4 items');
  expect(stdout).toMatch(/because of HEART/);
  expect(stdout).toContain('The deploy of aws-prod to the rehearsal cloud is left out; this machine lacks:');
  expect(stdout).toMatch(/terraform: not on PATH\n.*https:\/\/developer.hashicorp.com\/terraform\/install/);
  expect(stdout).toMatch(/python3: not on PATH\n.*python3-venv/);
});

it('ends at once on Ctrl-C in a training, with 130', async () => {
  const data = join(__dirname, '..', '..', 'data', 'online-retail.csv.gz');
  const demo = startRecommender(['demo', '--data', data], { cwd: folder, env: { PATH: empty } });
  const output = text(demo.stdout as NodeJS.ReadableStream);
  let errors = '';
  demo.stderr?.setEncoding('utf8').on('data', (chunk) => {
    errors += chunk;
    if (errors.includes('✔ Read and clean') && !demo.killed) demo.kill('SIGINT');
  });
  const [exitCode, signal] = await once(demo, 'close');
  expect({ exitCode, signal }).toEqual({ exitCode: 130, signal: null });
  expect(errors).toContain('Everything that was started is stopped.');
  expect(errors).not.toContain('Register in');
  expect(await output).toBe('');
}, 60_000);

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createApiKey } from '@cdktf-recommender/model-server';
import type { ServerComparison } from '../../../cli/compare/compare-servers';
import { publish, type SmallModel, Workbench } from '../../model-server/fixtures';
import { recommender } from '../recommender';

const bench = new Workbench();
afterAll(() => bench.cleanUp());

async function shop(settings: Parameters<Workbench['config']>[0] = {}, model?: SmallModel) {
  const config = await bench.config(settings);
  const version = await publish(config.store, model);
  const { url } = await bench.server(config);
  return { url, version };
}

const compare = (args: readonly string[], env?: Record<string, string>) => recommender(['compare', ...args], { env });
const SHORT = ['--rate', '40', '--seconds', '10', '--json'];

test('two servers with other models are asked the same, and both are told', async () => {
  const [a, b] = [await shop(), await shop({}, { items: 12, popular: [11, 5, 3, 1] })];
  const { exitCode, stdout, stderr } = await compare([a.url, b.url, ...SHORT]);
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Compare')]);
  const found = JSON.parse(stdout) as ServerComparison;
  const well = { asked: 200, answers: 200, errors: {}, degraded: {} };
  expect(found.a).toMatchObject({ url: a.url, modelVersions: [a.version], ...well });
  expect(found.b).toMatchObject({ url: b.url, modelVersions: [b.version], ...well });
  expect(found).toMatchObject({ rate: 40, rounds: 10, secondsATurn: 0.5 });
  // Twenty answers a turn are enough for p95, and too few for p99.
  expect(Object.keys(found.a.latencyMs)).toEqual(['50', '95']);
  expect(found.verdicts).toMatchObject({
    errors: 'no difference seen',
    degraded: 'no difference seen',
    p99: 'too few answers',
  });
}, 120_000);

test('a server without its model answers degraded, and that is seen', async () => {
  const a = await shop();
  const config = await bench.config({ staticItems: ['item-1', 'item-2'] });
  const { url } = await bench.server(config);
  const { exitCode, stdout } = await compare([a.url, url, ...SHORT]);
  expect(exitCode).toBe(0);
  const { b, verdicts } = JSON.parse(stdout) as ServerComparison;
  expect(b).toMatchObject({ modelVersions: ['none'], answers: 200, errors: {}, degraded: { 'no-model': 200 } });
  expect(verdicts).toMatchObject({ errors: 'no difference seen', degraded: 'A has less' });
}, 120_000);

test('callers are known by a variable for each server', async () => {
  const directory = await bench.directory();
  const { key, record } = createApiKey({ id: 'compare', scopes: ['recommendations:read'] });
  const apiKeysFile = join(directory, 'keys.jsonl');
  await writeFile(apiKeysFile, `${JSON.stringify(record)}\n`);
  const [a, b] = [await shop({ apiKeysFile }), await shop()];

  const refused = await compare([a.url, b.url, ...SHORT], { RECOMMENDER_TOKEN_B: key });
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain(`${a.url} refuses the caller (401); RECOMMENDER_TOKEN_A`);

  const { exitCode, stdout, stderr } = await compare([a.url, b.url, ...SHORT], { RECOMMENDER_TOKEN_A: key });
  expect(exitCode).toBe(0);
  expect((JSON.parse(stdout) as ServerComparison).a).toMatchObject({ answers: 200, errors: {} });
  expect(stdout + stderr).not.toContain(key);
}, 120_000);

test('servers of other catalogues can not be asked the same', async () => {
  const [a, b] = [await shop({}, { popular: [0, 1] }), await shop({}, { popular: [2, 3] })];
  const { exitCode, stderr } = await compare([a.url, b.url]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('have no popular item in common; only servers of one catalogue can be asked the same.');
});

test.each([
  [404, 'nothing here', /has another API: GET \/v1\/users\/.* answered 404\. Name the base/],
  [200, '<html></html>', /has another API: .* answered 200 without recommendations\./],
  [302, '', /has another API: .* answered 302\./],
  [503, '', /answered 503 to a first request; it has to be ready to be compared\./],
])('fails with a server that answers %d %s', async (status, body, message) => {
  const { url } = await shop();
  const other = createServer((_, response) => response.writeHead(status, { location: url }).end(body));
  await once(other.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = other.address() as AddressInfo;
    const { exitCode, stderr } = await compare([url, `http://127.0.0.1:${port}`]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  } finally {
    other.close();
  }
});

test('fails with an address where nobody is, in one line', async () => {
  const { url } = await shop();
  const free = createServer();
  await once(free.listen(0, '127.0.0.1'), 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const { exitCode, stderr } = await compare([url, `http://127.0.0.1:${port}`]);
  expect(exitCode).toBe(1);
  expect(stderr.split('\n').at(-2)).toBe(`recommender: http://127.0.0.1:${port} can't be reached: ECONNREFUSED.`);
});

test.each([
  [['--rate', '201'], '--rate is 201; above 200 a second this is a load test. Lower it, or add --heavy'],
  [['--rate', '2001', '--heavy'], 'allowed are whole numbers from 1 to 2000'],
  [['--seconds', '601'], 'allowed are whole numbers from 10 to 600'],
])('refuses %j before anything is sent', async (args, message) => {
  const { exitCode, stderr } = await compare(['http://127.0.0.1:1', 'http://127.0.0.1:2', ...args]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

test.each([
  ['ftp://shop.example', 'ftp://shop.example is no address of a server'],
  ['shop.example:8080', 'shop.example:8080 is no address of a server'],
  ['https://shop.example/?key=secret', 'an address with a login, a query or a fragment is no address of a server'],
  ['https://ann:secret@shop.example', 'an address with a login, a query or a fragment is no address of a server'],
  ['http://shop.example', 'a credential would go to http://shop.example unencrypted'],
])('refuses the address %s with a credential', async (url, message) => {
  const { exitCode, stderr } = await compare([url, url], { RECOMMENDER_TOKEN_A: 'rk_compare_secret' });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('secret');
});

test('the help fits 80 columns', async () => {
  const { stdout } = await compare(['--help']);
  expect(stdout).toContain('RECOMMENDER_TOKEN_A');
  expect(stdout.split('\n').filter(({ length }) => length > 80)).toEqual([]);
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerConfig, startServer } from '@cdktf-recommender/model-server';
import pino from 'pino';
import { recommender } from '../cli/recommender';
import { edgeFunction, get, isAnswer } from '../edge-functions/edge-function';

const DATA = join(__dirname, '../../data/online-retail.csv.gz');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-models-'));
});
afterAll(() => rm(folder, { recursive: true }));

it("answers at the edge for every item of the demo's model what the server answers, byte for byte", async () => {
  const store = join(folder, 'store');
  const pack = join(folder, 'pack.json');
  const run = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await recommender([...args, '--store', store, '--json']);
    if (exitCode !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  await run('train', '--data', DATA, '--promote');
  const { items, similar, bytes } = await run('model', 'edge-pack', 'production', '--out', pack);
  expect({ items, similar }).toEqual({ items: 3659, similar: 3659 });
  // Of half the store, so that a promotion has room for a second one.
  expect(bytes).toBeLessThan(2_500_000);

  const { data } = JSON.parse(await readFile(pack, 'utf8')) as { data: { key: string; value: string }[] };
  const edge = edgeFunction(new Map(data.map(({ key, value }) => [key, value])));
  const ids = data.slice(2).map(({ key }) => key.slice(key.indexOf('/i/') + 3));
  const targets = [
    '/v1/users/visitor/recommendations',
    ...ids.map((id) => `/v1/items/${encodeURIComponent(id)}/similar`),
    ...ids
      .filter((_, index) => index % 20 === 0)
      .map((id, i) => `/v1/items/${encodeURIComponent(id)}/similar?limit=${1 + (i % 10)}`),
  ];
  const config = {
    port: 0,
    store,
    users: join(folder, 'users'),
    modelCache: join(folder, 'cache'),
    resultCache: 'off',
  };
  const server = await startServer(ServerConfig.parse({ ...config, deadlineMs: 5000 }), pino({ level: 'silent' }));
  try {
    const outcome = { answered: 0, handedOn: [] as string[], different: [] as string[] };
    for (const target of targets) {
      const atEdge = await edge(get(target));
      const atServer = await (await fetch(`http://127.0.0.1:${server.port}${target}`)).text();
      if (!isAnswer(atEdge)) outcome.handedOn.push(target);
      else if (atEdge.body.data !== atServer) outcome.different.push(target);
      else outcome.answered++;
    }
    expect(outcome).toEqual({ answered: targets.length, handedOn: [], different: [] });
    expect(targets.length).toBe(1 + 3659 + 183);
  } finally {
    await server.close({ drain: false });
  }
}, 300_000);

import { openModelRegistry } from '../../model-registry/src/index';
import { buildEdgePack, EDGE_STORE, type EdgePack } from '../../model-server/src/edge-pack';
import { edgePackOf } from '../../model-server/src/edge-pack-of';
import { MODEL, publish, request, type SmallModel, Workbench } from '../model-server/fixtures';
import { CODE, edgeFunction, get, isAnswer } from './edge-function';

const bench = new Workbench();
afterAll(() => bench.cleanUp());

/** Items with different neighbours, some of them as much alike as others, so that their order matters. */
const SMALL: SmallModel = {
  items: 40,
  weight: (i, j) => (i === j ? 0 : (((i * 7 + j * 13) % 23) - 8) / 23),
  popular: [17, 3, 5, 31, 0, 12, 25, 8, 39, 22, 1, 2],
};

let url: string;
let pack: EdgePack;
let edge: ReturnType<typeof edgeFunction>;
beforeAll(async () => {
  const config = await bench.config();
  const version = await publish(config.store, SMALL);
  const server = await bench.server(config);
  url = `http://127.0.0.1:${server.port}`;
  ({ pack } = await edgePackOf(await openModelRegistry(config.store, MODEL), version));
  edge = edgeFunction(entriesOf(pack));
}, 30_000);

const entriesOf = ({ data }: EdgePack) => new Map(data.map(({ key, value }) => [key, value]));

async function server(target: string): Promise<{ status: number; body: string; headers: Headers }> {
  const response = await fetch(`${url}${target}`);
  return { status: response.status, body: await response.text(), headers: response.headers };
}

/** What both answer to a request that the edge covers. */
async function both(target: string) {
  const atEdge = await edge(get(target));
  if (!isAnswer(atEdge)) throw new Error(`the edge hands ${target} on`);
  return { atEdge, atServer: await server(target) };
}

describe('what the edge answers', () => {
  test('is byte for byte what the server answers, for each item', async () => {
    for (let item = 0; item < 40; item++) {
      const { atEdge, atServer } = await both(`/v1/items/item-${item}/similar`);
      expect({ status: atEdge.statusCode, body: atEdge.body.data }).toEqual({ status: 200, body: atServer.body });
    }
  });

  test.each([1, 2, 9, 10])('is so for %i items too, of similar and of popular ones', async (limit) => {
    for (const path of ['/v1/items/item-7/similar', '/v1/users/visitor/recommendations']) {
      const { atEdge, atServer } = await both(`${path}?limit=${limit}`);
      expect(atEdge.body.data).toBe(atServer.body);
      expect(JSON.parse(atServer.body).items).toHaveLength(limit);
    }
  });

  test('tells the rung and the version as the server does, and lets nobody keep it', async () => {
    const { atEdge, atServer } = await both('/v1/users/visitor/recommendations');
    const told = ['content-type', 'cache-control', 'x-content-type-options', 'content-security-policy'];
    for (const name of [...told, 'x-model-version', 'x-recommendation-rung']) {
      expect([name, atEdge.headers[name]?.value]).toEqual([name, atServer.headers.get(name)]);
    }
    expect(JSON.parse(atEdge.body.data)).toMatchObject({ rung: 'popular', fallback: 'unknown-user', user: 'visitor' });
  });
});

describe('what goes on to the server, as it came', () => {
  test.each([
    ['more items than are held', '/v1/items/item-7/similar?limit=11'],
    ['no items', '/v1/items/item-7/similar?limit=0'],
    ['a limit that is no number', '/v1/items/item-7/similar?limit=ten'],
    ['a limit that is sent twice', '/v1/items/item-7/similar?limit=3&limit=4'],
    ['items to leave out', '/v1/items/item-7/similar?exclude=item-8'],
    ['a parameter that the server refuses', '/v1/items/item-7/similar?colour=red'],
    ['an item that the model does not know', '/v1/items/nothing/similar'],
    ['an id that is not well encoded', '/v1/items/%E0%A4%A/similar'],
    ['a customer', '/v1/users/12347/recommendations'],
    ['a path with a slash at its end', '/v1/items/item-7/similar/'],
    ['another path', '/v1/model'],
  ])('%s', async (_what, target) => {
    const asked = get(target);
    await expect(edge(asked)).resolves.toBe(asked);
  });

  test('whatever is no GET', async () => {
    const asked = { ...get('/v1/items/item-7/similar'), method: 'HEAD' };
    await expect(edge(asked)).resolves.toBe(asked);
  });

  test('everything, while the store is empty', async () => {
    const asked = get('/v1/items/item-7/similar');
    await expect(edgeFunction(new Map())(asked)).resolves.toBe(asked);
  });
});

test('an id that needs encoding is found by its own characters', async () => {
  const version = 'a'.repeat(64);
  const held = new Map([
    ['current', JSON.stringify({ version, generation: 'aaaa', visitor: 'visitor' })],
    ['aaaa/i/Tasse "groß"', JSON.stringify(['1', 'Löffel', 0.5])],
  ]);
  const answer = await edgeFunction(held)(get(`/v1/items/${encodeURIComponent('Tasse "groß"')}/similar?limit=1`));
  expect(isAnswer(answer) && JSON.parse(answer.body.data)).toMatchObject({
    item: 'Tasse "groß"',
    items: [{ id: '1', name: 'Löffel', score: 0.5 }],
  });
});

describe('the pack', () => {
  test('keeps to what the store takes of keys and values', () => {
    for (const { key, value } of pack.data) {
      expect(Buffer.byteLength(key)).toBeLessThanOrEqual(EDGE_STORE.keyBytes);
      expect(Buffer.byteLength(key) + Buffer.byteLength(value)).toBeLessThanOrEqual(EDGE_STORE.valueBytes);
    }
  });

  test('has the most popular items first, so that these are kept when there is no room for all', async () => {
    const model = await bench.model(SMALL);
    const whole = await buildEdgePack(model);
    const bytes = whole.data.slice(0, 6).reduce((sum, { key, value }) => sum + Buffer.byteLength(key + value), 0);
    const small = await buildEdgePack(model, { maxBytes: bytes });
    expect(small.data).toEqual(whole.data.slice(0, 6));
    expect(small.data.slice(2).map(({ key }) => key.split('/').pop())).toEqual([
      'item-17',
      'item-3',
      'item-5',
      'item-31',
    ]);
  });

  test('shortens an answer whose names have no room in a value; the edge hands on what it no longer covers', async () => {
    const long = await bench.model({ ...SMALL, nameOf: (i) => `${'Wärmflasche '.repeat(9)}${i}` });
    const entries = entriesOf(await buildEdgePack(long));
    const value = [...entries].find(([key]) => key.endsWith('/i/item-7'))?.[1] as string;
    const held = JSON.parse(value).length / 3;
    expect(held).toBeGreaterThan(3);
    expect(held).toBeLessThan(10);
    const narrow = edgeFunction(entries);
    expect(isAnswer(await narrow(get(`/v1/items/item-7/similar?limit=${held}`)))).toBe(true);
    expect(isAnswer(await narrow(get(`/v1/items/item-7/similar?limit=${held + 1}`)))).toBe(false);
  });

  test('of one version is the same each time', async () => {
    const model = await bench.model(SMALL);
    await expect(buildEdgePack(model)).resolves.toEqual(await buildEdgePack(model));
  });
});

/** Of what the runtime lacks, what is easily written. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html */
test.each([
  ['optional chaining and nullish values', /\?\.|\?\?/],
  ['spread and destructuring', /\.\.\.|(?:const|let|var) *[[{]/],
  ['for … of', /\bof\b(?= *[\w[(].*\) *\{)/],
  ['classes', /\bclass\b/],
])('the function does without %s', (_what, pattern) => {
  const code = CODE.replace(/^ *\/\/.*$/gm, '');
  expect(code).toContain('async function handler(event)');
  expect(code).not.toMatch(pattern);
});

test('the function has at most 10 KB', () => {
  expect(Buffer.byteLength(CODE)).toBeLessThanOrEqual(10_240);
});

test('the server refuses what the edge hands on because the server would refuse it', async () => {
  expect((await request(`${url}/v1/items/item-7/similar?colour=red`)).status).toBe(400);
  expect((await request(`${url}/v1/items/nothing/similar`)).status).toBe(404);
});

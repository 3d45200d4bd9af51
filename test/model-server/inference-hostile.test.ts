import fc from 'fast-check';
import { post, publish, Workbench } from './fixtures';
import { echoModel, echoRequest, writeFiles } from './inference-fixtures';

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const RUNS = 400;

const recommenderRequest = () => ({
  inputs: [
    { name: 'items', shape: [1, 1], datatype: 'INT32', data: [0] },
    { name: 'weights', shape: [1, 1], datatype: 'FP32', data: [1] },
    { name: 'mask', shape: [1, 6], datatype: 'BOOL', data: Array(6).fill(false) },
    { name: 'k', shape: [1], datatype: 'INT32', data: [2] },
    { name: 'explain', shape: [1], datatype: 'BOOL', data: [true] },
  ],
});

/** What programs send by mistake and attackers on purpose, as JSON. */
const hostile = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    '""',
    '"__proto__"',
    '-1',
    '0',
    '0.5',
    '2147483648',
    '1e16',
    '-1e19',
    '1e308',
    '1e999',
  ),
  fc.constantFrom('[]', '{}', '[[]]', '[[1],2]', '[2147483647,2147483647]', `[${Array(1001).fill('{}')}]`),
  // Deeper than programs can write that recurse.
  fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.json(),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);

const PLACE = 'here';

/** A request in which something, anywhere, is something else, or is not there. */
const spoilt = fc
  .record({
    model: fc.constantFrom('echo', 'test'),
    picks: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
    value: fc.option(hostile),
    goBelow: fc.nat(5),
  })
  .map(({ model, picks, value, goBelow }) => {
    const body: unknown = model === 'echo' ? echoRequest() : recommenderRequest();
    let at = body as Record<string, unknown>;
    for (const pick of picks.slice(0, goBelow)) {
      const below = Object.values(at).filter((each) => typeof each === 'object' && each !== null);
      if (below.length > 0) at = below[pick % below.length] as typeof at;
    }
    const keys = Object.keys(at);
    const key = keys[(picks.at(-1) as number) % keys.length] as string;
    if (value === null) delete at[key];
    else at[key] = PLACE;
    return { model, body: JSON.stringify(body).replace(JSON.stringify(PLACE), () => value ?? '') };
  });

describe('hostile inference requests', () => {
  const bench = new Workbench();
  let url: string;
  beforeAll(async () => {
    const models = await writeFiles(await bench.directory(), { 'echo/model.onnx': echoModel() });
    const config = await bench.config({ models });
    await publish(config.store);
    url = (await bench.server(config)).url;
  });
  afterAll(() => bench.cleanUp());

  it(`are answered or refused, never by an error of the server's (SEED=${SEED})`, async () => {
    const holds = fc.asyncProperty(spoilt, async ({ model, body }) => {
      const { status } = await post(`${url}/v2/models/${model}/infer`, body);
      return status === 200 || status === 400;
    });
    const result = await fc.check(holds, { seed: SEED, numRuns: RUNS });
    expect(result.counterexample).toBeNull();
    for (const [model, body] of Object.entries({ echo: echoRequest(), test: recommenderRequest() })) {
      expect((await post(`${url}/v2/models/${model}/infer`, body)).status).toBe(200);
    }
  }, 30_000);
});

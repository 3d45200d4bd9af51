import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { STATUS_OF_HTTP } from '../../model-server/src/grpc/status';
import { HttpServer } from '../../model-server/src/http-server';
import { TENSOR_TYPES, type TensorType } from '../../model-server/src/inference/backend';
import { DATATYPES } from '../../model-server/src/inference/datatypes';
import { elementsToBytes } from '../../model-server/src/inference/tensor-bytes';
import { elementsFromJson } from '../../model-server/src/inference/tensor-json';
import { Problem } from '../../model-server/src/problem';
import { PROBLEM_KINDS } from '../../model-server/src/problem-catalogue';
import type { RunningServer } from '../../model-server/src/server';
import { post, publish, request, Workbench } from './fixtures';
import { GrpcClient } from './grpc-client';
import { arithmeticModel, ECHO_DATA, echoModel, onnxModel, reshapeModel, writeFiles } from './inference-fixtures';

const RECOMMENDER = 'recommender.v1.Recommender';
const INFERENCE = 'inference.GRPCInferenceService';
const HEALTH = 'grpc.health.v1.Health';

/** An answer as HTTP's JSON has it. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server answers
function asJson({ model_version, fallback = null, items, ...rest }: any) {
  return {
    ...rest,
    modelVersion: model_version,
    fallback,
    // biome-ignore lint/suspicious/noExplicitAny: as above
    items: items.map(({ other_contributions, reasons, ...item }: any) => ({
      ...item,
      ...(other_contributions !== undefined && { reasons, otherContributions: other_contributions }),
    })),
  };
}

describe('gRPC', () => {
  const bench = new Workbench();
  let server: RunningServer;
  let client: GrpcClient;
  let version: string;

  beforeAll(async () => {
    const models = await writeFiles(await bench.directory(), {
      'echo/model.onnx': echoModel(),
      'arithmetic/model.onnx': arithmeticModel(),
      'reshape/model.onnx': reshapeModel(),
      'broken/model.onnx': 'no model',
    });
    const config = await bench.config({ models, grpcPort: 0, inferenceBytes: 100_000 });
    version = await publish(config.store);
    server = await bench.server(config);
    client = new GrpcClient(server.grpcPort as number);
  });
  afterAll(async () => {
    client.close();
    await bench.cleanUp();
  });

  it('is off unless it has a port', async () => {
    const other = new Workbench();
    expect((await other.server(await other.config())).grpcPort).toBeUndefined();
    await other.cleanUp();
  });

  it('answers a session, with reasons, as HTTP does', async () => {
    const session = { items: ['item-1', 'item-4'], limit: 3, reasons: 2, exclude: ['item-2'] };
    const { body } = await post(`${server.url}/v1/recommendations`, session);
    expect(asJson(await client.call(RECOMMENDER, 'RecommendForSession', session))).toEqual(body);
    expect([body.rung, body.modelVersion]).toEqual(['session', version]);
  });

  it('answers a customer and similar items as HTTP does', async () => {
    const customer = await request(`${server.url}/v1/users/ann/recommendations?limit=2`);
    expect(asJson(await client.call(RECOMMENDER, 'RecommendForUser', { user: 'ann', limit: 2 }))).toEqual(
      customer.body,
    );
    const similar = await request(`${server.url}/v1/items/item-2/similar?limit=2&exclude=item-4`);
    const asked = { item: 'item-2', limit: 2, exclude: ['item-4'] };
    expect(asJson(await client.call(RECOMMENDER, 'SimilarItems', asked))).toEqual(similar.body);
  });

  it('takes events, which the next answer counts, and forgets a customer', async () => {
    const rung = async () => (await client.call(RECOMMENDER, 'RecommendForUser', { user: 'grpc-ann' })).rung;
    expect(await rung()).toBe('popular');
    const events = ['item-1', 'item-2'].map((item) => ({ user: 'grpc-ann', item, type: 'purchase' }));
    const request = { events, idempotency_key: 'one' };
    expect(await client.call(RECOMMENDER, 'RecordEvents', request)).toEqual({ accepted: 2, duplicates: 0 });
    expect(await client.call(RECOMMENDER, 'RecordEvents', request)).toEqual({ accepted: 0, duplicates: 2 });
    expect(await rung()).toBe('personal');
    expect(await client.call(RECOMMENDER, 'EraseUser', { user: 'grpc-ann' })).toEqual({});
    expect(await rung()).toBe('popular');
  });

  it('leaves fields that are not set to their defaults, and takes false for false', async () => {
    const { items } = await client.call(RECOMMENDER, 'RecommendForSession', { items: ['item-1'], exclude_seen: false });
    expect(items).toHaveLength(6);
  });

  it.each([
    ['RecommendForUser', { user: '' }, 'INVALID_ARGUMENT', /^user: got "", allowed is a customer's id/],
    ['RecommendForUser', { user: 'ann', limit: 101 }, 'INVALID_ARGUMENT', /^limit: got 101/],
    ['RecommendForSession', { items: [] }, 'INVALID_ARGUMENT', /^items: got \[\], allowed is 1 to 100 item ids/],
    ['RecommendForSession', { items: ['a'], reasons: 11 }, 'INVALID_ARGUMENT', /^reasons: got 11/],
    ['RecordEvents', { events: [] }, 'INVALID_ARGUMENT', /^events: got \[\], allowed is 1 to 100 events/],
    [
      'RecordEvents',
      { events: [{ user: 'ann', item: 'item-1', type: 'purchase' }] },
      'INVALID_ARGUMENT',
      /^events\.0\.id: got null, allowed is an id .* or an idempotency key of the request/,
    ],
    ['EraseUser', { user: '' }, 'INVALID_ARGUMENT', /^user: got ""/],
    ['SimilarItems', { item: 'unheard-of' }, 'NOT_FOUND', /^the model knows no item "unheard-of"$/],
  ] as const)('%s of %j ends with %s', async (method, message, code, details) => {
    const failure = await client.failure(RECOMMENDER, method, message);
    expect([failure.code, failure.details]).toEqual([status[code], expect.stringMatching(details)]);
  });

  it('refuses calls while there is too much to do, but still says how it is', async () => {
    const admits = jest.spyOn(HttpServer.prototype, 'admits').mockReturnValue(false);
    try {
      const { code, metadata } = await client.failure(RECOMMENDER, 'RecommendForUser', { user: 'ann' });
      expect([code, metadata.get('problem-type')]).toEqual([
        status.UNAVAILABLE,
        ['urn:cdktf-recommender:problem:overloaded'],
      ]);
      expect(await client.call(HEALTH, 'Check')).toMatchObject({ status: 1 });
    } finally {
      admits.mockRestore();
    }
  });

  it('says which problem it is in the trailing metadata', async () => {
    const { metadata } = await client.failure(RECOMMENDER, 'SimilarItems', { item: 'unheard-of' });
    expect(metadata.get('problem-type')).toEqual(['urn:cdktf-recommender:problem:not-found']);
  });

  it('says what the server and a model are, and whether they are ready', async () => {
    expect(await client.call(INFERENCE, 'ServerLive')).toEqual({ live: true });
    expect(await client.call(INFERENCE, 'ServerReady')).toEqual({ ready: false });
    const { name, version: served } = await client.call(INFERENCE, 'ServerMetadata');
    expect([name, served]).toEqual(['cdktf-recommender model server', '0.1.0']);
    expect(await client.call(INFERENCE, 'ModelReady', { name: 'broken' })).toEqual({ ready: false });
    expect(await client.call(INFERENCE, 'ModelReady', { name: 'echo', version: '1' })).toEqual({ ready: true });
    const { body } = await request(`${server.url}/v2/models/arithmetic`);
    const { parameters: _, ...described } = body;
    const strings = ({ shape, ...tensor }: { shape: number[] }) => ({ ...tensor, shape: shape.map(String) });
    expect(await client.call(INFERENCE, 'ModelMetadata', { name: 'arithmetic' })).toEqual({
      ...described,
      inputs: described.inputs.map(strings),
      outputs: described.outputs.map(strings),
    });
  });

  const types = TENSOR_TYPES.filter((type) => type !== 'float16');
  const dims = [2, 2];
  const bytesOf = (type: TensorType) =>
    elementsToBytes({ type, dims, data: elementsFromJson(type, dims, ECHO_DATA[type]) });

  it('carries every type raw, bit by bit', async () => {
    const answer = await client.call(INFERENCE, 'ModelInfer', {
      model_name: 'echo',
      id: '42',
      inputs: TENSOR_TYPES.map((type) => ({ name: `${type}_in`, datatype: DATATYPES[type], shape: dims })),
      raw_input_contents: TENSOR_TYPES.map(bytesOf),
    });
    expect([answer.model_name, answer.model_version, answer.id]).toEqual(['echo', '1', '42']);
    expect(answer.outputs.map(({ name }: { name: string }) => name)).toEqual(TENSOR_TYPES.map((type) => `${type}_out`));
    expect(answer.raw_output_contents).toEqual(TENSOR_TYPES.map(bytesOf));
  });

  const FIELDS = { bool: 'bool', string: 'bytes', float32: 'fp32', float64: 'fp64', int64: 'int64', uint64: 'uint64' };
  const typed = (type: TensorType) => {
    const field = `${FIELDS[type as 'bool'] ?? (type.startsWith('u') ? 'uint' : 'int')}_contents`;
    const elements = ECHO_DATA[type].map((value) => {
      if (type === 'string') return Buffer.from(value as string);
      return type.startsWith('float') ? Number(value) : type.endsWith('64') ? String(value) : value;
    });
    return { [field]: elements };
  };

  it('carries every type but FP16 in its own field', async () => {
    const models = await writeFiles(await bench.directory(), {
      'typed/model.onnx': onnxModel({
        inputs: types.map((type) => ({ name: `${type}_in`, type, shape: dims })),
        outputs: types.map((type) => ({ name: `${type}_out`, type, shape: dims })),
        nodes: types.map((type) => ({ op: 'Identity', input: [`${type}_in`], output: [`${type}_out`] })),
      }),
    });
    const other = await bench.server(await bench.config({ models, grpcPort: 0 }));
    const otherClient = new GrpcClient(other.grpcPort as number);
    const inputs = types.map((type) => {
      return { name: `${type}_in`, datatype: DATATYPES[type], shape: dims, contents: typed(type) };
    });
    const answer = await otherClient.call(INFERENCE, 'ModelInfer', { model_name: 'typed', inputs });
    otherClient.close();
    types.forEach((type, i) => {
      expect(answer.outputs[i].contents).toMatchObject(typed(type));
    });
    expect(answer.raw_output_contents).toEqual([]);
  });

  const pair = (name: string, contents: object | null, shape = [1, 2]) => ({ name, datatype: 'FP32', shape, contents });
  const ab = [pair('a', { fp32_contents: [1, 2] }), pair('b', { fp32_contents: [3, 4] })];
  it.each([
    ['another model', { model_name: 'nothing', inputs: ab }, 'NOT_FOUND', /^there is no model "nothing"/],
    [
      'a model that did not load',
      { model_name: 'broken', inputs: ab },
      'UNAVAILABLE',
      /^the model broken is not available/,
    ],
    ['a missing input', { inputs: ab.slice(1) }, 'INVALID_ARGUMENT', /a too: the model needs every input/],
    [
      'too few elements',
      { inputs: [ab[0], pair('b', { fp32_contents: [3] })] },
      'INVALID_ARGUMENT',
      /^inputs.1.data: /,
    ],
    [
      'elements in another field',
      { inputs: [ab[0], pair('b', { fp64_contents: [3, 4] })] },
      'INVALID_ARGUMENT',
      /0 elements of fp32_contents/,
    ],
    ['no elements', { inputs: [ab[0], pair('b', null)] }, 'INVALID_ARGUMENT', /0 elements of fp32_contents/],
    ['a negative size', { inputs: [ab[0], pair('b', null, [-1, 2])] }, 'INVALID_ARGUMENT', /^inputs.1.shape: /],
    [
      'raw contents for one input',
      { inputs: ab, raw_input_contents: [Buffer.alloc(8)] },
      'INVALID_ARGUMENT',
      /^raw_input_contents: /,
    ],
    [
      'both forms',
      { inputs: ab, raw_input_contents: [Buffer.alloc(8), Buffer.alloc(8)] },
      'INVALID_ARGUMENT',
      /^inputs.0.contents: /,
    ],
    ['an unknown output', { inputs: ab, outputs: [{ name: 'c' }] }, 'INVALID_ARGUMENT', /one of sum, product/],
  ] as const)('refuses %s', async (_what, message, code, details) => {
    const failure = await client.failure(INFERENCE, 'ModelInfer', { model_name: 'arithmetic', ...message });
    expect([failure.code, failure.details]).toEqual([status[code], expect.stringMatching(details)]);
  });

  it('ends with INVALID_ARGUMENT and the message of the runtime when a run fails on the values', async () => {
    const failure = await client.failure(INFERENCE, 'ModelInfer', {
      model_name: 'reshape',
      inputs: [
        { name: 'data', datatype: 'FP32', shape: [4], contents: { fp32_contents: [1, 2, 3, 4] } },
        { name: 'shape', datatype: 'INT64', shape: [2], contents: { int64_contents: [3, 2] } },
      ],
    });
    expect([failure.code, failure.details]).toEqual([
      status.INVALID_ARGUMENT,
      expect.stringMatching(/^the model reshape can't be run on these values/),
    ]);
  });

  it('refuses messages over inferenceBytes', async () => {
    const inputs = [pair('a', { fp32_contents: Array(60_000).fill(1) }, [30_000, 2])];
    const { code } = await client.failure(INFERENCE, 'ModelInfer', { model_name: 'arithmetic', inputs });
    expect(code).toBe(status.RESOURCE_EXHAUSTED);
  });

  it("does nothing after the caller's deadline", async () => {
    const { code } = await client.failure(RECOMMENDER, 'RecommendForUser', { user: 'ann' }, { deadlineMs: -1 });
    expect(code).toBe(status.DEADLINE_EXCEEDED);
  });

  it('tells each service’s health, and knows no others', async () => {
    const check = (service: string) => client.call(HEALTH, 'Check', { service });
    expect(await check('')).toEqual({ status: 1 });
    expect(await check(RECOMMENDER)).toEqual({ status: 1 });
    // One model is broken, and the protocol's server is ready when all are.
    expect(await check(INFERENCE)).toEqual({ status: 2 });
    expect((await client.failure(HEALTH, 'Check', { service: 'nothing' })).code).toBe(status.NOT_FOUND);
  });

  it('counts and times by method and status', async () => {
    const { body } = await request(`${server.url}/metrics`);
    expect(body).toContain(`recommender_grpc_calls_total{method="/${RECOMMENDER}/SimilarItems",code="NOT_FOUND"}`);
    expect(body).toContain(`recommender_grpc_call_duration_seconds_bucket{le="0.1",method="/${INFERENCE}/ModelInfer"}`);
    expect(body).toMatch(/recommender_recommendations_total\{rung="session",model_version="\w{12}"\}/);
  });
});

it('becomes unhealthy at once when the server drains, answers on, and ends what listens', async () => {
  const bench = new Workbench();
  const config = await bench.config({ grpcPort: 0, drainSeconds: 30 });
  await publish(config.store);
  const server = await bench.server(config);
  const client = new GrpcClient(server.grpcPort as number);
  const states = client.watch('')[Symbol.asyncIterator]();
  expect((await states.next()).value.status).toBe(1);
  const draining = server.close();
  expect((await states.next()).value.status).toBe(2);
  const { rung } = await client.call(RECOMMENDER, 'RecommendForSession', { items: ['item-1'] });
  expect(rung).toBe('session');
  client.close();
  await Promise.all([server.close({ drain: false }), draining]);
  const late = new GrpcClient(server.grpcPort as number);
  expect((await late.failure(HEALTH, 'Check', { service: '' }, { deadlineMs: 2000 })).code).toBe(status.UNAVAILABLE);
  late.close();
});

it('says that its port is taken', async () => {
  const bench = new Workbench();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const config = await bench.config({ grpcPort: port });
  await expect(bench.server(config)).rejects.toThrow(`can't listen for gRPC on 127.0.0.1:${port} (grpcPort): `);
  other.close();
  await bench.cleanUp();
});

it('every kind of problem has a status', () => {
  const lacking = PROBLEM_KINDS.filter((kind) => STATUS_OF_HTTP[new Problem(kind, '').status] === undefined);
  expect(lacking).toEqual([]);
});

it('docs/grpc.md has the table of statuses', () => {
  const page = readFileSync(join(__dirname, '../../docs/grpc.md'), 'utf8');
  const rows = [...page.matchAll(/^\| ([\d, ]+?) +\| `([A-Z_]+)` +\|$/gm)].flatMap(([, codes = '', name = '']) =>
    codes.split(', ').map((code) => [code, name]),
  );
  const table = Object.entries(STATUS_OF_HTTP).map(([code, value]) => [code, status[value]]);
  expect(rows.sort()).toEqual(table.sort());
});

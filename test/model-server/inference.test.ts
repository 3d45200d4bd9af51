import { createHash } from 'node:crypto';
import { TENSOR_TYPES } from '../../model-server/src/inference/backend';
import { DATATYPES } from '../../model-server/src/inference/datatypes';
import { post, publish, type Reply, request, Workbench } from './fixtures';
import { arithmeticModel, ECHO_DATA, echoModel, echoRequest, reshapeModel, writeFiles } from './inference-fixtures';

const rows = (name: string, data: unknown, shape = [2, 2], datatype = 'FP32') => ({ name, shape, datatype, data });
const arithmetic = (extra: object = {}) => ({ inputs: [rows('a', [1, 2, 3, 4]), rows('b', [5, 6, 7, 8])], ...extra });

describe('the Open Inference Protocol over HTTP', () => {
  const bench = new Workbench();
  let url: string;
  let version: string;
  const infer = (model: string, body: unknown): Promise<Reply> => post(`${url}/v2/models/${model}/infer`, body);

  beforeAll(async () => {
    const models = await writeFiles(await bench.directory(), {
      'echo/model.onnx': echoModel(),
      'arithmetic/2/model.onnx': new Uint8Array(3),
      'arithmetic/10/model.onnx': arithmeticModel(),
      'reshape/model.onnx': reshapeModel(),
      'broken/model.onnx': 'this is no model',
      'empty/README': 'nothing to serve',
      'not a name/model.onnx': arithmeticModel(),
      'test/model.onnx': arithmeticModel(),
      'README.md': 'files beside the models are nobody’s business',
    });
    const config = await bench.config({ models, inferenceBytes: 100_000 });
    version = await publish(config.store);
    url = (await bench.server(config)).url;
  });
  afterAll(() => bench.cleanUp());

  it('says what the server is, and names its models', async () => {
    const { body } = await request(`${url}/v2`);
    expect(body).toEqual({
      name: 'cdktf-recommender model server',
      version: '0.1.0',
      extensions: ['binary_tensor_data'],
    });
    const { body: list } = await request(`${url}/v2/models`);
    expect(list).toEqual({ models: ['test', 'arithmetic', 'broken', 'echo', 'empty', 'reshape'] });
  });

  it('describes a model by its signature, its version and the hash of its file', async () => {
    const { body } = await request(`${url}/v2/models/arithmetic`);
    const tensor = (name: string) => ({ name, datatype: 'FP32', shape: [-1, 2] });
    expect(body).toEqual({
      name: 'arithmetic',
      versions: ['10'],
      platform: 'onnx_onnxv1',
      inputs: [tensor('a'), tensor('b')],
      outputs: [tensor('sum'), tensor('product')],
      parameters: { sha256: createHash('sha256').update(arithmeticModel()).digest('hex') },
    });
    expect((await request(`${url}/v2/models/arithmetic/versions/10`)).body).toEqual(body);
  });

  it('runs a model with several inputs and outputs, and returns the id', async () => {
    const { status, body, headers } = await infer('arithmetic', arithmetic({ id: '42' }));
    expect([status, headers.get('x-model-version')]).toEqual([200, '10']);
    expect(body).toEqual({
      model_name: 'arithmetic',
      model_version: '10',
      id: '42',
      outputs: [rows('sum', [6, 8, 10, 12]), rows('product', [5, 12, 21, 32])],
    });
  });

  it('answers only the outputs that are asked for, in their order', async () => {
    const { body } = await infer('arithmetic', arithmetic({ outputs: [{ name: 'product' }] }));
    expect(body.outputs.map(({ name }: { name: string }) => name)).toEqual(['product']);
  });

  it('takes data nested as the shape is, or flat', async () => {
    const nested = { inputs: [rows('b', [[5, 6]], [1, 2]), rows('a', [1, 2], [1, 2])] };
    const { body } = await infer('arithmetic', nested);
    expect(body.outputs[0]).toEqual(rows('sum', [6, 8], [1, 2]));
  });

  it('takes any size of a dynamic dimension, also none', async () => {
    const { body } = await infer('arithmetic', { inputs: [rows('a', [], [0, 2]), rows('b', [], [0, 2])] });
    expect(body.outputs[0]).toEqual(rows('sum', [], [0, 2]));
  });

  it('carries every type of tensor to its ends: whole numbers beyond 2^53 and NaN as strings', async () => {
    const { status, body } = await infer('echo', echoRequest());
    expect(status).toBe(200);
    for (const type of TENSOR_TYPES) {
      const output = body.outputs.find(({ name }: { name: string }) => name === `${type}_out`);
      expect(output).toEqual({ name: `${type}_out`, datatype: DATATYPES[type], shape: [2, 2], data: ECHO_DATA[type] });
    }
  });

  it("serves the recommender's own model by its name: indices and scores of its graph", async () => {
    const mask = [true, false, false, false, false, false];
    const { body } = await post(`${url}/v2/models/test/versions/${version}/infer`, {
      inputs: [
        rows('items', [0], [1, 1], 'INT32'),
        rows('weights', [1], [1, 1]),
        rows('mask', mask, [1, 6], 'BOOL'),
        rows('k', [2], [1], 'INT32'),
        rows('explain', [false], [1], 'BOOL'),
      ],
    });
    expect([body.model_name, body.model_version]).toEqual(['test', version]);
    expect(body.outputs[0]).toEqual(rows('indices', [1, 2], [1, 2], 'INT32'));
    expect(body.outputs[1].data[0]).toBeCloseTo(1 / 2, 6);
  });

  it("refuses what the recommender's graph would fail on", async () => {
    const { status, body } = await infer('test', {
      inputs: [
        rows('items', [6], [1, 1], 'INT32'),
        rows('weights', [1], [1, 1]),
        rows('mask', Array(6).fill(false), [1, 6], 'BOOL'),
        rows('k', [0], [1], 'INT32'),
        rows('explain', [false], [1], 'BOOL'),
      ],
    });
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { field: 'items.0', value: 6, allowed: "an item's index, 0 to 5" },
      { field: 'k', value: 0, allowed: '1 to 100' },
    ]);
  });

  const a = rows('a', [1, 2, 3, 4]);
  const b = rows('b', [5, 6, 7, 8]);
  it.each([
    ['no inputs', { inputs: [] }, 'inputs', 'an array of 1 to 1000 tensors'],
    ['a missing input', { inputs: [a] }, 'inputs', 'b too: the model needs every input'],
    ['an unknown input', { inputs: [a, b, rows('c', [1, 2], [1, 2])] }, 'inputs.2.name', 'each of a, b once'],
    ['an input twice', { inputs: [a, b, a] }, 'inputs.2.name', 'each of a, b once'],
    ['another datatype', { inputs: [a, { ...b, datatype: 'FP64' }] }, 'inputs.1.datatype', 'FP32'],
    ['an unknown datatype', { inputs: [a, { ...b, datatype: 'float' }] }, 'inputs.1.datatype', /^one of BOOL, UINT8/],
    ['another rank', { inputs: [a, rows('b', [5, 6], [2])] }, 'inputs.1.shape', '[rows, 2]'],
    ['another fixed size', { inputs: [a, rows('b', [5, 6, 7, 8, 9, 10], [2, 3])] }, 'inputs.1.shape', '[rows, 2]'],
    [
      'a negative size',
      { inputs: [a, rows('b', [], [-1, 2])] },
      'inputs.1.shape.0',
      /^at most 16 whole numbers from 0/,
    ],
    [
      'sizes of one name that differ',
      { inputs: [a, rows('b', [5, 6], [1, 2])] },
      'inputs.1.shape',
      /rows is 2, as in a$/,
    ],
    ['too few elements', { inputs: [a, rows('b', [5, 6, 7])] }, 'inputs.1.data', '4 elements, as the shape [2,2] says'],
    ['a huge shape', { inputs: [a, rows('b', [5], [2_147_483_647, 2])] }, 'inputs.1.shape', /rows is 2/],
    [
      'ragged data',
      { inputs: [a, rows('b', [[5, 6], [7]])] },
      'inputs.1.data.1',
      'an array of 2, as the shape [2,2] says',
    ],
    [
      'a string for a number',
      { inputs: [a, rows('b', [5, 6, '7', 8])] },
      'inputs.1.data.2',
      /^a number within the range/,
    ],
    [
      'null, nested',
      {
        inputs: [
          a,
          rows('b', [
            [5, 6],
            [7, null],
          ]),
        ],
      },
      'inputs.1.data.1.1',
      /^a number within the range/,
    ],
    ['a number beyond float32', { inputs: [a, rows('b', [5, 6, 7, 1e39])] }, 'inputs.1.data.3', /range of float32/],
    ['no data', { inputs: [a, rows('b', undefined)] }, 'inputs.1.data', 'an array'],
    ['an unknown output', { inputs: [a, b], outputs: [{ name: 'c' }] }, 'outputs.0.name', /^one of sum, product/],
    ['an unknown member', { inputs: [a, b], input: [] }, 'input', 'one of id, parameters, inputs, outputs'],
  ])('refuses %s, and names the field', async (_what, body, field, allowed) => {
    const { status, headers, body: problem } = await infer('arithmetic', body);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(problem.type).toBe('urn:cdktf-recommender:problem:invalid-request');
    expect(problem.errors[0]).toMatchObject({
      field,
      allowed: typeof allowed === 'string' ? allowed : expect.stringMatching(allowed),
    });
    // Clients of the protocol look for the message here.
    expect(problem.error).toBe(problem.detail);
  });

  it('refuses whole numbers that lost digits on their way, and says how to send them', async () => {
    const body = JSON.stringify(echoRequest()).replace('"9223372036854775807"', '9223372036854775807');
    const { status, body: problem } = await infer('echo', body);
    expect([status, problem.errors[0].field]).toEqual([400, 'inputs.8.data.1']);
    expect(problem.errors[0].allowed).toMatch(/beyond 2\^53 as a string of its digits$/);
  });

  it('refuses a body over inferenceBytes', async () => {
    const { status, body } = await infer('arithmetic', { inputs: [rows('a', Array(60_000).fill(1), [30_000, 2])] });
    expect([status, body.type]).toEqual([413, 'urn:cdktf-recommender:problem:body-too-large']);
  });

  it('does not know other models and versions', async () => {
    const missing = await infer('nothing', arithmetic());
    expect([missing.status, missing.body.detail]).toEqual([
      404,
      expect.stringContaining('there are test, arithmetic,'),
    ]);
    const { status, body } = await request(`${url}/v2/models/arithmetic/versions/2`);
    expect([status, body.detail]).toEqual([
      404,
      'the model arithmetic has no version "2"; the version that is served is 10',
    ]);
  });

  it('names a model file that does not load, in its place, and serves the others', async () => {
    const broken = await infer('broken', arithmetic());
    expect([broken.status, broken.body.type]).toEqual([503, 'urn:cdktf-recommender:problem:model-unavailable']);
    expect(broken.body.detail).toMatch(/^the model broken is not available: .*protobuf/i);
    const empty = await request(`${url}/v2/models/empty`);
    expect(empty.body.detail).toContain('neither model.onnx, nor <number>/model.onnx, nor backend.json');
    expect((await request(`${url}/v2/models/broken/ready`)).body).toEqual({ name: 'broken', ready: false });
    expect((await request(`${url}/v2/models/echo/ready`)).body).toEqual({ name: 'echo', ready: true });
  });

  it('is live, and not ready as long as one model is not: the server itself is', async () => {
    expect((await request(`${url}/v2/health/live`)).body).toEqual({ live: true });
    const ready = await request(`${url}/v2/health/ready`);
    expect([ready.status, ready.body]).toEqual([503, { ready: false }]);
    expect((await request(`${url}/readyz`)).status).toBe(200);
  });

  it('answers inputs-rejected with the message of the runtime when a run fails on the values, and runs the next', async () => {
    const reshape = (shape: number[]) => ({
      inputs: [rows('data', [1, 2, 3, 4], [4]), rows('shape', shape, [2], 'INT64')],
    });
    const { status, body } = await infer('reshape', reshape([3, 2]));
    expect([status, body.type]).toEqual([422, 'urn:cdktf-recommender:problem:inputs-rejected']);
    expect(body.detail).toMatch(/^the model reshape can't be run on these values: .*Reshape/);
    expect((await infer('reshape', reshape([4, 1]))).body.outputs[0].shape).toEqual([4, 1]);
  });

  it('counts and times by model', async () => {
    const { body } = await request(`${url}/metrics`);
    expect(body).toMatch(/recommender_inference_requests_total\{model="arithmetic",result="ok"\} \d/);
    expect(body).toMatch(/recommender_inference_requests_total\{model="reshape",result="inputs-rejected"\} 1\n/);
    expect(body).toContain('recommender_inference_model_available{model="broken"} 0');
    expect(body).toContain('recommender_inference_model_available{model="echo"} 1');
    expect(body).toMatch(/http_requests_total\{route="\/v2\/models\/:model\/infer",method="POST",status="200"\} \d/);
  });

  it('allows only POST to infer', async () => {
    const { status, headers } = await request(`${url}/v2/models/echo/infer`);
    expect([status, headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });
});

it('says that the directory of models is not there before it listens', async () => {
  const bench = new Workbench();
  const config = await bench.config({ models: '/nowhere' });
  await expect(bench.server(config)).rejects.toThrow(
    "models: /nowhere can't be read: ENOENT; it must be a directory of models",
  );
  await bench.cleanUp();
});

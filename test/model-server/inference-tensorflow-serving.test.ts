import type { IncomingMessage } from 'node:http';
import { post, request, Workbench } from './fixtures';
import { listen, writeFiles } from './inference-fixtures';

/**
 * TensorFlow Serving's REST API as its document has it (https://www.tensorflow.org/tfx/serving/api_rest), for one model
 * of several signatures. The server itself can't be had from a package registry, so this double stands in for it.
 */
const info = (dtype: string, ...sizes: number[]) => ({
  dtype,
  tensor_shape: { dim: sizes.map((size) => ({ size: String(size), name: '' })), unknown_rank: false },
  name: 'serving:0',
});
const SIGNATURES = {
  serving_default: {
    inputs: { x: info('DT_FLOAT', -1, 2) },
    outputs: { halves: info('DT_FLOAT', -1, 2) },
    method_name: 'tensorflow/serving/predict',
  },
  words: {
    inputs: {
      text: info('DT_STRING', -1),
      picture_bytes: info('DT_STRING', -1),
      id: info('DT_INT64'),
      flag: info('DT_BOOL', 1),
    },
    outputs: {
      text: info('DT_STRING', -1),
      picture_bytes: info('DT_STRING', -1),
      id: info('DT_INT64'),
      none: info('DT_INT32', -1, 3),
    },
    method_name: 'tensorflow/serving/predict',
  },
  exotic: { inputs: { x: info('DT_COMPLEX64', 1) }, outputs: {}, method_name: 'tensorflow/serving/predict' },
};

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

describe('a model that TensorFlow Serving runs', () => {
  const bench = new Workbench();
  let url: string;
  let double: Awaited<ReturnType<typeof listen>>;
  /** Bodies that the double was sent. */
  const sent: string[] = [];
  /** What it answers once instead of predictions. */
  let instead: { status: number; body: string } | undefined;

  beforeAll(async () => {
    double = await listen(async (incoming, response) => {
      const path = incoming.url?.replace(/^\/v1\/models\/(half|words|exotic)(\/versions\/123)?/, '');
      response.setHeader('content-type', 'application/json');
      if (path === '/metadata' && incoming.method === 'GET') {
        const model_spec = { name: 'half', signature_name: '', version: '123' };
        const metadata = { signature_def: { signature_def: SIGNATURES } };
        response.end(JSON.stringify({ model_spec, metadata }));
      } else if (path === ':predict' && incoming.method === 'POST') {
        const body = await read(incoming);
        sent.push(body);
        const { signature_name, inputs } = JSON.parse(body);
        if (instead) {
          response.writeHead(instead.status).end(instead.body);
          instead = undefined;
        } else if (signature_name === 'words') response.end(JSON.stringify({ outputs: { ...inputs, none: [] } }));
        else response.end(JSON.stringify({ outputs: inputs.x.map((row: number[]) => row.map((value) => value / 2)) }));
      } else response.writeHead(404).end(JSON.stringify({ error: `Servable not found for request: ${incoming.url}` }));
    });
    const settings = (extra: object = {}) =>
      JSON.stringify({ backend: 'tensorflow-serving', url: double.url, ...extra });
    const models = await writeFiles(await bench.directory(), {
      'half/backend.json': settings(),
      'words/backend.json': settings({ signature: 'words', version: '123' }),
      'exotic/backend.json': settings({ signature: 'exotic' }),
      'unsigned/backend.json': settings({ model: 'half', signature: 'classify' }),
      'missing/backend.json': settings(),
    });
    url = (await bench.server(await bench.config({ models }))).url;
  });
  afterAll(async () => {
    await bench.cleanUp();
    await double.close();
  });

  const infer = (model: string, inputs: unknown[]) => post(`${url}/v2/models/${model}/infer`, { inputs });
  const x = (data: unknown) => [{ name: 'x', shape: [2, 2], datatype: 'FP32', data }];

  it('is described by its signature and version', async () => {
    const { body } = await request(`${url}/v2/models/half`);
    expect(body).toEqual({
      name: 'half',
      versions: ['123'],
      platform: 'tensorflow_savedmodel',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
      outputs: [{ name: 'halves', datatype: 'FP32', shape: [-1, 2] }],
    });
  });

  it('is sent columns, nested as the shape is, and its only output has no name', async () => {
    const { status, body } = await infer('half', x([1, 2, 3, 4]));
    expect(JSON.parse(sent.at(-1) ?? '')).toEqual({
      signature_name: 'serving_default',
      inputs: {
        x: [
          [1, 2],
          [3, 4],
        ],
      },
    });
    expect([status, body.outputs]).toEqual([
      200,
      [{ name: 'halves', shape: [2, 2], datatype: 'FP32', data: [0.5, 1, 1.5, 2] }],
    ]);
  });

  it('carries text, base64 where a name ends in _bytes, scalars and empty tensors', async () => {
    const { status, body } = await infer('words', [
      { name: 'text', shape: [2], datatype: 'BYTES', data: ['Käse', '"'] },
      { name: 'picture_bytes', shape: [1], datatype: 'BYTES', data: ['pixels'] },
      { name: 'id', shape: [], datatype: 'INT64', data: [7] },
      { name: 'flag', shape: [1], datatype: 'BOOL', data: [true] },
    ]);
    expect(JSON.parse(sent.at(-1) ?? '').inputs).toEqual({
      text: ['Käse', '"'],
      picture_bytes: [{ b64: 'cGl4ZWxz' }],
      id: 7,
      flag: [true],
    });
    expect([status, body.outputs]).toEqual([
      200,
      [
        { name: 'text', shape: [2], datatype: 'BYTES', data: ['Käse', '"'] },
        { name: 'picture_bytes', shape: [1], datatype: 'BYTES', data: ['pixels'] },
        { name: 'id', shape: [], datatype: 'INT64', data: [7] },
        { name: 'none', shape: [0, 3], datatype: 'INT32', data: [] },
      ],
    ]);
  });

  it('gets every digit of a wide integer', async () => {
    instead = { status: 400, body: '{}' };
    await infer('words', [
      { name: 'text', shape: [0], datatype: 'BYTES', data: [] },
      { name: 'picture_bytes', shape: [0], datatype: 'BYTES', data: [] },
      { name: 'id', shape: [], datatype: 'INT64', data: ['9223372036854775807'] },
      { name: 'flag', shape: [1], datatype: 'BOOL', data: [false] },
    ]);
    expect(sent.at(-1)).toContain('"id":9223372036854775807');
  });

  it.each<[string, { status: number; body: string }, number, RegExp]>([
    ['an error', { status: 400, body: '{"error":"incompatible shape"}' }, 422, /answered 400: incompatible shape/],
    ['an overload', { status: 503, body: '{"error":"busy"}' }, 503, /not available: .* answered 503: busy/],
    [
      'another rank',
      { status: 200, body: '{"outputs":[1,2]}' },
      500,
      /halves has 1 dimensions where its signature has 2/,
    ],
    ['ragged rows', { status: 200, body: '{"outputs":[[1,2],[3]]}' }, 500, /data\.1: allowed is an array of 2/],
    ['NaN, which is no JSON', { status: 200, body: '{"outputs":[[NaN,1]]}' }, 500, /the answer is not JSON/],
    ['nothing', { status: 200, body: '{}' }, 500, /halves has 0 dimensions/],
  ])('that answers %s is an error that says so', async (_what, answer, status, message) => {
    instead = answer;
    const reply = await infer('half', x([1, 2, 3, 4]));
    expect([reply.status, reply.body.detail]).toEqual([status, expect.stringMatching(message)]);
  });

  it.each([
    ['exotic', /the tensor x has the type DT_COMPLEX64, which is not supported/],
    ['unsigned', /half has no signature "classify"; it has serving_default, words, exotic/],
    ['missing', /answered 404: Servable not found/],
  ])('%s is not available, and says why', async (name, message) => {
    const { status, body } = await request(`${url}/v2/models/${name}`);
    expect([status, body.detail]).toEqual([503, expect.stringMatching(message)]);
  });
});

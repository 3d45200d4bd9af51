import { gzipSync } from 'node:zlib';
import { TENSOR_TYPES, type Tensors } from '../../model-server/src/inference/backend';
import { OpenInferenceBackend } from '../../model-server/src/inference/open-inference-backend';
import { elementsFromJson, elementsToJson } from '../../model-server/src/inference/tensor-json';
import { post, request, Workbench } from './fixtures';
import {
  arithmeticModel,
  ECHO_DATA,
  echoModel,
  echoRequest,
  listen,
  reshapeModel,
  writeFiles,
} from './inference-fixtures';

const limits = { timeoutMs: 5000, maxBytes: 1_000_000 };
const echoTensors = (): Tensors =>
  Object.fromEntries(
    TENSOR_TYPES.map((type) => {
      return [`${type}_in`, { type, dims: [2, 2], data: elementsFromJson(type, [2, 2], ECHO_DATA[type]) }];
    }),
  );

describe('a model that another server of the Open Inference Protocol runs', () => {
  const bench = new Workbench();
  /** Runs the models. */
  let far: string;
  /** Answers for them. */
  let near: string;
  const settings = (extra: object = {}) => JSON.stringify({ backend: 'open-inference', url: far, ...extra });

  beforeAll(async () => {
    const models = await writeFiles(await bench.directory(), {
      'echo/model.onnx': echoModel(),
      'arithmetic/7/model.onnx': arithmeticModel(),
      'reshape/model.onnx': reshapeModel(),
    });
    far = (await bench.server(await bench.config({ models }))).url;
    const remote = await writeFiles(await bench.directory(), {
      'echo/backend.json': settings(),
      'sums/backend.json': settings({ model: 'arithmetic', version: '7' }),
      'reshape/backend.json': settings(),
      'unknown/backend.json': settings(),
      'typo/backend.json': settings({ modle: 'echo' }),
      'neither/backend.json': JSON.stringify({ backend: 'torchserve', url: far }),
      'no-url/backend.json': settings({ url: 'ftp://models' }),
      'no-json/backend.json': '{',
    });
    near = (await bench.server(await bench.config({ models: remote }))).url;
  });
  afterAll(() => bench.cleanUp());

  it("gets the caller's trace", async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const traces: unknown[] = [];
    // Says what the model is as the server behind it does; its answers are not asked for.
    const between = await listen(async (incoming, response) => {
      traces.push(incoming.headers.traceparent);
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify((await request(`${far}${incoming.url}`)).body));
    });
    const models = await writeFiles(await bench.directory(), { 'echo/backend.json': settings({ url: between.url }) });
    const server = await bench.server(await bench.config({ models }));
    await post(`${server.url}/v2/models/echo/infer`, echoRequest(), { traceparent });
    expect(traces.at(-1)).toBe(traceparent);
    await between.close();
  });

  it('is described as that server describes it, by the name it has here', async () => {
    const [there, here] = await Promise.all([
      request(`${far}/v2/models/arithmetic`),
      request(`${near}/v2/models/sums`),
    ]);
    const { parameters: _, ...rest } = there.body;
    expect(here.body).toEqual({ ...rest, name: 'sums', versions: ['7'] });
  });

  it('answers as that server does, in every type', async () => {
    const [there, here] = await Promise.all([
      post(`${far}/v2/models/echo/infer`, echoRequest()),
      post(`${near}/v2/models/echo/infer`, echoRequest()),
    ]);
    expect([here.status, here.body]).toEqual([200, there.body]);
  });

  it('is spoken to in JSON too, when that server has no raw tensors', async () => {
    const proxy = await listen(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const { method, headers, url } = incoming;
      const body = method === 'POST' ? Buffer.concat(chunks) : undefined;
      const answer = await fetch(far + url, {
        method,
        headers: { 'content-type': `${headers['content-type']}` },
        body,
      });
      const json = await answer.text();
      response.setHeader('content-type', 'application/json').end(json.replace('"binary_tensor_data"', ''));
    });
    try {
      const backend = await OpenInferenceBackend.connect({ ...limits, url: proxy.url, model: 'echo' });
      const outputs = await backend.run(echoTensors());
      await backend.close();
      for (const type of TENSOR_TYPES) {
        const tensor = outputs[`${type}_out`];
        expect(tensor?.type).toBe(type);
        expect(tensor && elementsToJson(tensor)).toEqual(ECHO_DATA[type]);
      }
    } finally {
      await proxy.close();
    }
  });

  it('says why that server failed', async () => {
    const { status, body } = await post(`${near}/v2/models/reshape/infer`, {
      inputs: [
        { name: 'data', shape: [4], datatype: 'FP32', data: [1, 2, 3, 4] },
        { name: 'shape', shape: [2], datatype: 'INT64', data: [3, 2] },
      ],
    });
    expect([status, body.type]).toEqual([422, 'urn:cdktf-recommender:problem:inputs-rejected']);
    expect(body.detail).toMatch(
      /reshape can't be run on these values: POST http.*\/v2\/models\/reshape\/infer answered 422: /,
    );
  });

  it.each([
    ['unknown', /\/v2\/models\/unknown answered 404: there is no model "unknown"/],
    ['typo', /backend.json: the whole Unrecognized key: "modle"/],
    ['neither', /backend.json: backend must be an object whose `backend` is open-inference or tensorflow-serving/],
    ['no-url', /backend.json: url must be a URL, http:\/\/ or https:\/\//],
    ['no-json', /backend.json is not JSON/],
  ])('%s is not available, and says why', async (name, message) => {
    const ask = () => post(`${near}/v2/models/${name}/infer`, {});
    let { status, body } = await ask();
    // A busy machine may have had it refused; then it is asked again.
    while (/answered 503/.test(body.detail)) ({ status, body } = await ask());
    expect([status, body.detail]).toEqual([503, expect.stringMatching(message)]);
  });
});

describe('a server that misbehaves', () => {
  const metadata = {
    name: 'far',
    platform: 'any',
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
  };
  const input: () => Tensors = () => ({ x: { type: 'float32', dims: [1], data: Float32Array.of(1) } });
  type Answer = Parameters<typeof listen>[0];

  /** Connects to a server that describes its model well, runs it once, and returns how that failed. */
  async function failure(infer: Answer, options = {}): Promise<Error> {
    const server = await listen((incoming, response) => {
      if (incoming.method === 'POST') void infer(incoming, response);
      else response.end(JSON.stringify(incoming.url === '/v2' ? {} : metadata));
    });
    const backend = await OpenInferenceBackend.connect({ ...limits, ...options, url: server.url, model: 'far' });
    try {
      return await backend.run(input()).then(
        () => new Error('it did not fail'),
        (error: Error) => error,
      );
    } finally {
      await backend.close();
      await server.close();
    }
  }
  const tensor = (extra: object) =>
    JSON.stringify({ outputs: [{ name: 'y', shape: [1], datatype: 'FP32', ...extra }] });

  it.each<[string, Answer, string, RegExp]>([
    ['never answers', () => undefined, 'BackendUnavailableError', /no answer within 300 ms/],
    ['hangs up', (_in, out) => void out.destroy(), 'BackendUnavailableError', /other side closed|ECONNRESET/],
    ['is busy', (_in, out) => void out.writeHead(503).end('later'), 'BackendUnavailableError', /answered 503: later/],
    ['redirects', (_in, out) => void out.writeHead(302, { location: '/' }).end(), 'Error', /answered 302: no body/],
    ['answers too much', (_in, out) => void out.end(Buffer.alloc(2000)), 'Error', /answered more than 1000 bytes/],
    ['answers no JSON', (_in, out) => void out.end('<html>'), 'Error', /the answer is not JSON: <html>/],
    ['answers no tensors', (_in, out) => void out.end('{}'), 'Error', /the answer has no tensors/],
    ['compresses unasked', (_in, out) => void out.end(gzipSync('{}')), 'Error', /the answer is not JSON/],
    ['answers BF16', (_in, out) => void out.end(tensor({ datatype: 'BF16', data: [1] })), 'Error', /BF16|one of BOOL/],
    ['answers fewer elements', (_in, out) => void out.end(tensor({ data: [] })), 'InvalidDataError', /1 elements/],
    [
      'answers fewer bytes',
      (_in, out) => void out.end(tensor({ parameters: { binary_data_size: 4 } })),
      'InvalidDataError',
      /4 bytes/,
    ],
  ])('that %s is an error that says so', async (_what, answer, name, message) => {
    const error = await failure(answer, { timeoutMs: 300, maxBytes: 1000 });
    expect([error.name, error.message]).toEqual([name, expect.stringMatching(message)]);
  });

  it('is tried again until it is there', async () => {
    const bench = new Workbench();
    const gone = await listen(() => undefined);
    await gone.close();
    const models = await writeFiles(await bench.directory(), {
      'far/backend.json': JSON.stringify({ backend: 'open-inference', url: gone.url }),
    });
    const { url } = await bench.server(await bench.config({ models }));
    expect((await request(`${url}/v2/models/far`)).body.detail).toMatch(/far is not available: GET .*ECONNREFUSED/);
    const back = await listen(
      (incoming, response) => response.end(JSON.stringify(incoming.url === '/v2' ? {} : metadata)),
      Number(new URL(gone.url).port),
    );
    let status = 503;
    while (status === 503) status = (await request(`${url}/v2/models/far/ready`)).status;
    expect(status).toBe(200);
    await bench.cleanUp();
    await back.close();
  });
});

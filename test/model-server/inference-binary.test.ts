import { type Reply, Workbench } from './fixtures';
import { arithmeticModel, echoModel, writeFiles } from './inference-fixtures';

interface Part {
  json: unknown;
  raw?: Buffer;
  /** What the header says instead of the JSON's true length. */
  length?: string;
}

describe('the extension for raw tensors', () => {
  const bench = new Workbench();
  let url: string;

  beforeAll(async () => {
    const models = await writeFiles(await bench.directory(), {
      'arithmetic/model.onnx': arithmeticModel(),
      'echo/model.onnx': echoModel(),
    });
    url = (await bench.server(await bench.config({ models }))).url;
  });
  afterAll(() => bench.cleanUp());

  const send = async ({ json, raw = Buffer.alloc(0), length }: Part): Promise<Reply & { raw: Buffer }> => {
    const head = Buffer.from(JSON.stringify(json));
    const response = await fetch(`${url}/v2/models/arithmetic/infer`, {
      method: 'POST',
      headers: {
        'content-type': 'application/octet-stream',
        'inference-header-content-length': length ?? String(head.length),
      },
      body: Buffer.concat([head, raw]),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const { status, headers } = response;
    const end = Number(headers.get('inference-header-content-length') ?? bytes.length);
    return { status, headers, body: JSON.parse(bytes.toString('utf8', 0, end)), raw: bytes.subarray(end) };
  };
  const floats = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);
  const input = (name: string, extra: object) => ({ name, shape: [1, 2], datatype: 'FP32', ...extra });
  const binary = { parameters: { binary_data_size: 8 } };

  it('reads raw inputs in their order, beside inputs in JSON', async () => {
    const json = { inputs: [input('a', binary), input('b', { data: [10, 20] })] };
    const { status, body } = await send({ json, raw: floats(1, 2) });
    expect([status, body.outputs[0].data]).toEqual([200, [11, 22]]);
  });

  it('answers raw outputs to who asks for them, all or each', async () => {
    const inputs = [input('a', binary), input('b', binary)];
    const raw = floats(1, 2, 10, 20);
    const all = await send({ json: { inputs, parameters: { binary_data_output: true } }, raw });
    expect(all.headers.get('content-type')).toBe('application/octet-stream');
    expect(all.body.outputs).toEqual([input('sum', binary), input('product', binary)]);
    expect(all.raw).toEqual(floats(11, 22, 10, 40));

    const outputs = [{ name: 'product', parameters: { binary_data: true } }, { name: 'sum' }];
    const one = await send({ json: { inputs, outputs }, raw });
    expect(one.body.outputs).toEqual([input('product', binary), input('sum', { data: [11, 22] })]);
    expect(one.raw).toEqual(floats(10, 40));
  });

  const both = [input('a', binary), input('b', binary)];
  it.each<[string, Part, string]>([
    ['fewer bytes than inputs say', { json: { inputs: both }, raw: floats(1, 2, 3) }, 'inputs.1.data'],
    ['more bytes than inputs say', { json: { inputs: both }, raw: floats(1, 2, 3, 4, 5) }, '4 bytes behind the JSON'],
    ['a length beyond the body', { json: { inputs: both }, length: '9999' }, 'Inference-Header-Content-Length'],
    ['a length that is no number', { json: { inputs: both }, length: 'all' }, 'Inference-Header-Content-Length'],
    [
      'a length within the JSON',
      { json: { inputs: both }, length: '5' },
      'first 5 bytes of the body are not valid JSON',
    ],
    [
      'a size that is none',
      { json: { inputs: [input('a', { parameters: { binary_data_size: 'x' } }), input('b', { data: [1, 2] })] } },
      'inputs.0.data',
    ],
    [
      'data twice',
      { json: { inputs: [input('a', { ...binary, data: [1, 2] }), input('b', { data: [1, 2] })] }, raw: floats(1, 2) },
      'inputs.0.data',
    ],
  ])('refuses %s', async (_what, part, message) => {
    const { status, body } = await send(part);
    expect([status, body.detail]).toEqual([400, expect.stringContaining(message)]);
  });
});

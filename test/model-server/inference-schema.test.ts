import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { post, request, Workbench } from './fixtures';
import { type ECHO_DATA, echoModel, echoRequest, writeFiles } from './inference-fixtures';

type Request = ReturnType<typeof echoRequest>;

describe("the JSON schema of a model's requests", () => {
  const bench = new Workbench();
  let url: string;
  let valid: ValidateFunction;

  beforeAll(async () => {
    const models = await writeFiles(await bench.directory(), { 'echo/model.onnx': echoModel() });
    url = (await bench.server(await bench.config({ models }))).url;
    const { body, headers } = await request(`${url}/v2/models/echo/versions/1/schema`);
    expect(headers.get('content-type')).toMatch(/^application\/schema\+json/);
    valid = new Ajv2020({ strictTypes: false, strictTuples: false }).compile(body);
  });
  afterAll(() => bench.cleanUp());

  const changed = (change: (body: Request) => unknown): unknown => {
    const body = echoRequest();
    return change(body) ?? body;
  };
  /** Changes the input of a type. */
  const withData = (type: keyof typeof ECHO_DATA, data: unknown) =>
    changed(({ inputs }) => {
      const input = inputs.find(({ name }) => name === `${type}_in`);
      if (input) input.data = data;
    });

  it.each<[string, unknown, boolean]>([
    ['every input once', echoRequest(), true],
    ['inputs in another order', changed(({ inputs }) => ({ inputs: inputs.reverse() })), true],
    [
      'an id, parameters and outputs',
      { ...echoRequest(), id: 'x', parameters: { a: 1 }, outputs: [{ name: 'bool_out' }] },
      true,
    ],
    [
      'nested data',
      withData('int8', [
        [1, 2],
        [3, 4],
      ]),
      true,
    ],
    ['NaN in words', withData('float32', [1, 'NaN', 'Infinity', 2]), true],
    ['wide integers in digits', withData('int64', ['9007199254740993', 1, 2, 3]), true],
    ['no inputs', {}, false],
    ['a missing input', changed(({ inputs }) => ({ inputs: inputs.slice(1) })), false],
    ['an input twice', changed(({ inputs }) => ({ inputs: [inputs[1], ...inputs.slice(1)] })), false],
    ['another member', { ...echoRequest(), input: [] }, false],
    ['an unknown output', { ...echoRequest(), outputs: [{ name: 'b' }] }, false],
    ['an id that is no text', { ...echoRequest(), id: 7 }, false],
    ['another datatype', changed(({ inputs }) => void Object.assign(inputs[0] as object, { datatype: 'INT8' })), false],
    ['another rank', changed(({ inputs }) => void Object.assign(inputs[0] as object, { shape: [4] })), false],
    ['another fixed size', changed(({ inputs }) => void Object.assign(inputs[0] as object, { shape: [1, 4] })), false],
    ['no data', withData('bool', undefined), false],
    ['a number out of range', withData('uint8', [256, 0, 0, 0]), false],
    ['a fraction for a whole number', withData('int32', [0.5, 0, 0, 0]), false],
    ['a wide integer that lost digits', withData('int64', [2 ** 60, 0, 0, 0]), false],
    ['a number for text', withData('string', [1, 'b', 'c', 'd']), false],
    ['a number for true', withData('bool', [1, true, true, true]), false],
    ['a word for a number', withData('float64', ['one', 1, 1, 1]), false],
  ])('says of %s what the server does', async (_what, body, accepted) => {
    const { status } = await post(`${url}/v2/models/echo/infer`, body);
    expect([valid(JSON.parse(JSON.stringify(body))), status]).toEqual([accepted, accepted ? 200 : 400]);
  });

  it('names the dynamic dimensions', async () => {
    const { body } = await request(`${url}/v2/models/echo/schema`);
    expect(body.properties.inputs.items.oneOf[0].properties.shape.prefixItems).toEqual([
      { type: 'integer', minimum: 0, maximum: 2_147_483_647, title: 'rows' },
      { const: 2 },
    ]);
  });
});

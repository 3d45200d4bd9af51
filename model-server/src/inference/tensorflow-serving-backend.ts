import { z } from 'zod';
import type { TraceHeaders } from '../telemetry/request-record';
import type { InferenceBackend, TensorMetadata, Tensors, TensorType, TensorValue } from './backend';
import { HttpClient, parseAnswer } from './http-client';
import type { RemoteModel } from './open-inference-backend';
import { elementsFromJson, elementsToJson } from './tensor-json';

/** TensorFlow's names of element types, of those that its REST API carries. */
const DTYPES: Readonly<Record<string, TensorType>> = {
  DT_BOOL: 'bool',
  DT_UINT8: 'uint8',
  DT_INT8: 'int8',
  DT_UINT16: 'uint16',
  DT_INT16: 'int16',
  DT_UINT32: 'uint32',
  DT_INT32: 'int32',
  DT_UINT64: 'uint64',
  DT_INT64: 'int64',
  DT_HALF: 'float16',
  DT_FLOAT: 'float32',
  DT_DOUBLE: 'float64',
  DT_STRING: 'string',
};

const TensorInfo = z.object({
  dtype: z.string(),
  tensor_shape: z.object({
    // ProtoJSON writes int64 as strings, and leaves out what is empty.
    dim: z.array(z.object({ size: z.coerce.number().int() })).default([]),
    unknown_rank: z.boolean().default(false),
  }),
});
const SignatureDef = z.object({ inputs: z.record(z.string(), TensorInfo), outputs: z.record(z.string(), TensorInfo) });
const Metadata = z.object({
  model_spec: z.object({ version: z.string() }),
  metadata: z.object({ signature_def: z.object({ signature_def: z.record(z.string(), z.unknown()) }) }),
});
const Answer = z.object({ outputs: z.unknown().optional() });

export interface TensorFlowModel extends RemoteModel {
  /** Name of the serving signature. */
  readonly signature: string;
}

/**
 * A model that TensorFlow Serving runs, by its REST API. Its JSON has neither whole numbers beyond 2^53 that survive a
 * parser of ours, nor NaN and Infinity that are JSON: answers with such are errors.
 *
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 */
export class TensorFlowServingBackend implements InferenceBackend {
  private constructor(
    private readonly client: HttpClient,
    private readonly path: string,
    private readonly signature: string,
    readonly version: string,
    readonly inputs: readonly TensorMetadata[],
    readonly outputs: readonly TensorMetadata[],
  ) {}

  /**
   * Asks the server for the signature.
   *
   * @throws BackendUnavailableError when it doesn't answer
   * @throws Error when it has no such model or signature, or one with a type that can't be carried
   */
  static async connect({ model, version, signature, ...options }: TensorFlowModel): Promise<TensorFlowServingBackend> {
    const client = new HttpClient(options);
    try {
      const path = `/v1/models/${encodeURIComponent(model)}${version ? `/versions/${encodeURIComponent(version)}` : ''}`;
      const answer = parseAnswer((await client.get(`${path}/metadata`)).body, `the answer to ${path}/metadata`);
      const { data } = Metadata.safeParse(answer);
      if (!data) throw new Error(`${options.url}${path}/metadata describes no model`);
      const signatures = data.metadata.signature_def.signature_def;
      const found = SignatureDef.safeParse(signatures[signature]);
      if (!found.success) {
        throw new Error(`${model} has no signature "${signature}"; it has ${Object.keys(signatures).join(', ')}`);
      }
      const [inputs, outputs] = [tensors(found.data.inputs), tensors(found.data.outputs)];
      return new TensorFlowServingBackend(client, path, signature, data.model_spec.version, inputs, outputs);
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  async run(inputs: Tensors, trace?: TraceHeaders): Promise<Tensors> {
    const columns = Object.entries(inputs).map(([name, tensor]) => `${JSON.stringify(name)}:${nested(name, tensor)}`);
    const body = `{"signature_name":${JSON.stringify(this.signature)},"inputs":{${columns.join(',')}}}`;
    const answer = await this.client.post(`${this.path}:predict`, body, {
      'content-type': 'application/json',
      ...trace,
    });
    const { outputs } = Answer.parse(parseAnswer(answer.body, 'the answer'));
    // A single output comes without its name.
    const [only] = this.outputs.length === 1 ? this.outputs : [];
    const named = only ? { [only.name]: outputs } : (outputs as Record<string, unknown>);
    return Object.fromEntries(this.outputs.map((output) => [output.name, read(output, named?.[output.name])]));
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

function tensors(infos: Readonly<Record<string, z.infer<typeof TensorInfo>>>): TensorMetadata[] {
  return Object.entries(infos).map(([name, { dtype, tensor_shape }]) => {
    const type = DTYPES[dtype];
    if (type === undefined) throw new Error(`the tensor ${name} has the type ${dtype}, which is not supported`);
    if (tensor_shape.unknown_rank) throw new Error(`the tensor ${name} has no fixed number of dimensions`);
    return { name, type, shape: tensor_shape.dim.map(({ size }) => (size < 0 ? '' : size)) };
  });
}

/** JSON of a tensor, nested as its dimensions are. Names that end in `_bytes` hold base64. */
function nested(name: string, tensor: TensorValue): string {
  const elements = elementsToJson(tensor);
  const text = (element: boolean | number | string): string => {
    if (tensor.type !== 'string') return String(element);
    return JSON.stringify(name.endsWith('_bytes') ? { b64: Buffer.from(String(element)).toString('base64') } : element);
  };
  let at = 0;
  const write = (level: number): string => {
    if (level === tensor.dims.length) return text(elements[at++] as string);
    return `[${Array.from({ length: tensor.dims[level] as number }, () => write(level + 1)).join(',')}]`;
  };
  return write(0);
}

function read({ name, type, shape }: TensorMetadata, value: unknown): TensorValue {
  const dims: number[] = [];
  let first = value;
  while (Array.isArray(first)) {
    dims.push(first.length);
    first = first[0];
  }
  // Below an empty dimension nothing shows the others.
  if (dims.at(-1) === 0) for (const size of shape.slice(dims.length)) dims.push(typeof size === 'number' ? size : 0);
  if (dims.length !== shape.length) {
    throw new Error(`the output ${name} has ${dims.length} dimensions where its signature has ${shape.length}`);
  }
  const data = dims.length === 0 ? [value] : value;
  return { type, dims, data: elementsFromJson(type, dims, type === 'string' ? decoded(data) : data) };
}

function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  const { b64 } = (value ?? {}) as { b64?: unknown };
  return typeof b64 === 'string' ? Buffer.from(b64, 'base64').toString('utf8') : value;
}

import type { TraceHeaders } from '../telemetry/request-record';
import type { InferenceBackend, TensorMetadata, Tensors, TensorValue } from './backend';
import { DATATYPES, elementCount, tensorType } from './datatypes';
import { HttpClient, type HttpClientOptions, parseAnswer } from './http-client';
import {
  BINARY_EXTENSION,
  InferResponseBody,
  JSON_LENGTH_HEADER,
  ModelMetadataBody,
  ServerMetadataBody,
} from './open-inference-protocol';
import { elementsFromBytes, elementsToBytes } from './tensor-bytes';
import { elementsFromJson, elementsToJson } from './tensor-json';

export interface RemoteModel extends HttpClientOptions {
  /** The model's name at that server. */
  readonly model: string;
  /** @default - the version that the server chooses */
  readonly version?: string | undefined;
}

/**
 * A model that another server of the Open Inference Protocol runs: KServe, Triton, MLServer, OpenVINO, or this server.
 * Tensors travel as raw bytes where the server says that it has the extension, else as JSON.
 *
 * @see https://github.com/kserve/open-inference-protocol
 */
export class OpenInferenceBackend implements InferenceBackend {
  private constructor(
    private readonly client: HttpClient,
    private readonly path: string,
    private readonly binary: boolean,
    readonly platform: string,
    /** The versions that the server names. */
    readonly versions: readonly string[],
    readonly inputs: readonly TensorMetadata[],
    readonly outputs: readonly TensorMetadata[],
  ) {}

  /**
   * Asks the server for the model's signature.
   *
   * @throws BackendUnavailableError when it doesn't answer
   * @throws Error when it doesn't know the model, or the model has a type that onnxruntime-node has not
   */
  static async connect({ model, version, ...options }: RemoteModel): Promise<OpenInferenceBackend> {
    const client = new HttpClient(options);
    try {
      const path = `/v2/models/${encodeURIComponent(model)}${version ? `/versions/${encodeURIComponent(version)}` : ''}`;
      const server = ServerMetadataBody.safeParse(parseAnswer((await client.get('/v2')).body, 'the answer to /v2'));
      const answer = ModelMetadataBody.safeParse(parseAnswer((await client.get(path)).body, `the answer to ${path}`));
      if (!answer.success)
        throw new Error(`${options.url}${path} describes no model: ${answer.error.issues[0]?.message}`);
      const { platform, versions = [], inputs, outputs } = answer.data;
      const binary = server.data?.extensions.includes(BINARY_EXTENSION) ?? false;
      return new OpenInferenceBackend(
        client,
        path,
        binary,
        platform,
        versions,
        inputs.map(metadata),
        outputs.map(metadata),
      );
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  async run(inputs: Tensors, trace?: TraceHeaders): Promise<Tensors> {
    const raw: Buffer[] = [];
    const tensors = Object.entries(inputs).map(([name, tensor]) => {
      const head = { name, datatype: DATATYPES[tensor.type], shape: tensor.dims };
      if (!this.binary) return { ...head, data: elementsToJson(tensor) };
      const bytes = elementsToBytes(tensor);
      raw.push(bytes);
      return { ...head, parameters: { binary_data_size: bytes.length } };
    });
    const parameters = this.binary ? { binary_data_output: true } : undefined;
    const json = Buffer.from(JSON.stringify({ parameters, inputs: tensors }));
    const headers: Record<string, string> = this.binary
      ? { 'content-type': 'application/octet-stream', [JSON_LENGTH_HEADER]: String(json.length) }
      : { 'content-type': 'application/json' };
    const answer = await this.client.post(`${this.path}/infer`, Buffer.concat([json, ...raw]), {
      ...headers,
      ...trace,
    });
    return this.read(answer.body, answer.headers[JSON_LENGTH_HEADER]);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private read(body: Buffer, jsonLength: string | string[] | undefined): Tensors {
    const length = jsonLength === undefined ? body.length : Number(jsonLength);
    const answer = InferResponseBody.safeParse(parseAnswer(body.subarray(0, length), 'the answer'));
    if (!answer.success) throw new Error(`the answer has no tensors: ${answer.error.issues[0]?.message}`);
    let offset = length;
    const outputs: Record<string, TensorValue> = {};
    for (const { name, datatype, shape, data, parameters } of answer.data.outputs) {
      const type = tensorType(datatype);
      if (type === undefined) throw new Error(`the output ${name} has the type ${datatype}, which is not supported`);
      const size = parameters?.binary_data_size;
      if (size === undefined) {
        outputs[name] = { type, dims: shape, data: elementsFromJson(type, shape, data) };
        continue;
      }
      const bytes = body.subarray(offset, offset + Number(size));
      outputs[name] = { type, dims: shape, data: elementsFromBytes(type, elementCount(shape), bytes) };
      offset += Number(size);
    }
    return outputs;
  }
}

function metadata({ name, datatype, shape }: { name: string; datatype: string; shape: number[] }): TensorMetadata {
  const type = tensorType(datatype);
  if (type === undefined) {
    throw new Error(
      `the tensor ${name} has the type ${datatype}; supported are ${Object.values(DATATYPES).join(', ')}`,
    );
  }
  return { name, type, shape: shape.map((size) => (size < 0 ? '' : size)) };
}

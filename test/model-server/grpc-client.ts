import { Client, credentials, Metadata, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { loadProtos, serviceOf } from '../../model-server/src/grpc/protos';

export interface CallOptions {
  readonly deadlineMs?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A client of a server's gRPC port that calls methods by name. */
export class GrpcClient {
  private readonly client: Client;
  private readonly protos = loadProtos();

  constructor(port: number) {
    this.client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** @throws ServiceError */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server answers
  call(service: string, method: string, request: object = {}, callOptions: CallOptions = {}): Promise<any> {
    const { deadlineMs = 10_000, metadata = {} } = callOptions;
    const headers = new Metadata();
    for (const [name, value] of Object.entries(metadata)) headers.set(name, value);
    const definition = serviceOf(this.protos, service)[method];
    if (!definition) throw new Error(`${service} has no ${method}`);
    const { path, requestSerialize, responseDeserialize } = definition;
    return new Promise((resolve, reject) => {
      const options = { deadline: Date.now() + deadlineMs };
      const answered = (error: ServiceError | null, answer?: object) => (error ? reject(error) : resolve(answer));
      this.client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, headers, options, answered);
    });
  }

  /** How a call failed. */
  failure(service: string, method: string, request: object, options?: CallOptions): Promise<StatusObject> {
    return this.call(service, method, request, options).then(
      () => Promise.reject(new Error('it did not fail')),
      (error: ServiceError) => error,
    );
  }

  /** The answers of `grpc.health.v1.Health/Watch`. */
  watch(name: string): AsyncIterable<{ status: string | number }> {
    const { path, requestSerialize, responseDeserialize } = serviceOf(this.protos, 'grpc.health.v1.Health').Watch ?? {};
    if (!path || !requestSerialize || !responseDeserialize) throw new Error('there is no health service');
    return this.client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service: name });
  }

  close(): void {
    this.client.close();
  }
}

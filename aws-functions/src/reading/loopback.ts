import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface LoopbackRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface LoopbackAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends requests to a server in this process, unchanged: no redirect is followed, no body unpacked. */
export class Loopback {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly port: number) {}

  send({ method, path, headers, body }: LoopbackRequest): Promise<LoopbackAnswer> {
    return new Promise((resolve, reject) => {
      const target = { host: '127.0.0.1', port: this.port, agent: this.agent, method, path };
      const length = body.length > 0 ? { 'content-length': `${body.length}` } : {};
      request({ ...target, headers: { ...headers, ...length } }, (response) => {
        const { statusCode: status = 500, headers: received } = response;
        buffer(response).then((bytes) => resolve({ status, headers: received, body: bytes }), reject);
      })
        .on('error', reject)
        .end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

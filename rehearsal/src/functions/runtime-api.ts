import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What came of an invocation, or of the attempt to start. */
export interface Outcome {
  readonly failed: boolean;
  /** The function's answer; of a failure an object with `errorType` and `errorMessage`. */
  readonly payload: unknown;
}

interface Pending {
  readonly id: string;
  readonly event: unknown;
  readonly deadlineMs: number;
  readonly settle: (outcome: Outcome) => void;
}

const BASE = '/2018-06-01/runtime';

/**
 * Lambda's runtime API for one instance of a function, on a free port of 127.0.0.1: hands it one event at a time, and
 * takes its answer or its error.
 */
export class RuntimeApi {
  private waiting: ServerResponse | undefined;
  private current: Pending | undefined;

  private constructor(
    private readonly server: Server,
    private readonly functionArn: string,
  ) {}

  static async start(functionArn: string): Promise<RuntimeApi> {
    const server = createServer();
    const api = new RuntimeApi(server, functionArn);
    server.on('request', (request, response) => void api.answer(request, response));
    // An instance waits for its next event as long as it takes.
    server.requestTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  /** As AWS_LAMBDA_RUNTIME_API has it. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Gives the instance an event, now or when it asks for one. */
  invoke(event: unknown, deadlineMs: number): Promise<Outcome> {
    return new Promise((settle) => {
      this.current = { id: randomUUID(), event, deadlineMs, settle };
      this.handOut();
    });
  }

  /** Ends the invocation under way for a reason of Lambda's own. */
  fail(errorType: string, errorMessage: string): void {
    this.settle({ failed: true, payload: { errorType, errorMessage } });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (request.method === 'GET' && path === `${BASE}/invocation/next`) {
      this.waiting = response;
      this.handOut();
      return;
    }
    const body = await text(request);
    const known = [`${BASE}/init/error`, ...(this.current ? this.pathsOf(this.current) : [])];
    if (request.method !== 'POST' || !known.includes(path)) {
      response.writeHead(403, { 'content-type': 'application/json' }).end('{"errorType":"InvalidRequest"}');
      return;
    }
    response.writeHead(202).end();
    this.settle({ failed: path.endsWith('/error'), payload: JSON.parse(body) });
  }

  private pathsOf({ id }: Pending): string[] {
    return [`${BASE}/invocation/${id}/response`, `${BASE}/invocation/${id}/error`];
  }

  private handOut(): void {
    const { waiting, current } = this;
    if (!waiting || !current) return;
    this.waiting = undefined;
    const headers = {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': current.id,
      'lambda-runtime-deadline-ms': `${current.deadlineMs}`,
      'lambda-runtime-invoked-function-arn': this.functionArn,
    };
    waiting.writeHead(200, headers).end(JSON.stringify(current.event));
  }

  private settle(outcome: Outcome): void {
    const { current } = this;
    this.current = undefined;
    current?.settle(outcome);
  }
}

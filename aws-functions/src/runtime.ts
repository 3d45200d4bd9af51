import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Logger } from 'pino';

/** What a handler is told of an invocation beside its event. */
export interface Invocation {
  readonly requestId: string;
  /** Milliseconds since the epoch at which Lambda ends the invocation. */
  readonly deadlineMs: number;
}

/** Answers one event; what it returns becomes JSON. An error's name is what a state machine catches. */
export type Handler = (event: unknown, invocation: Invocation) => Promise<unknown>;

export interface RuntimeOptions {
  /** `host:port` of Lambda's runtime API. */
  readonly api: string;
  /** Makes what all invocations share: models, connections. */
  readonly open: () => Promise<Handler>;
  readonly logger: Logger;
  /** Ends the loop. @default - it ends with the process */
  readonly signal?: AbortSignal;
}

/** Source: AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes". */
const BASE = '/2018-06-01/runtime';

/**
 * Takes invocations from Lambda's runtime API one after another, for as long as there are any. The protocol is four
 * requests of HTTP, and AWS's own client of it builds a C++ library at installation.
 *
 * @throws Error when `open` does, after Lambda was told, or when the runtime API answers nonsense
 */
export async function serveInvocations({ api, open, logger, signal }: RuntimeOptions): Promise<void> {
  const runtime = new RuntimeApi(api, signal);
  let handler: Handler;
  try {
    handler = await open();
  } catch (error) {
    await runtime.post('/init/error', describe(error), error);
    throw error;
  }
  while (!signal?.aborted) {
    const next = await runtime.next();
    if (!next) return;
    const { invocation, event } = next;
    const path = `/invocation/${invocation.requestId}`;
    try {
      const result = await handler(event, invocation);
      await runtime.post(`${path}/response`, result ?? null);
    } catch (error) {
      logger.error({ err: error, requestId: invocation.requestId }, 'the invocation failed');
      await runtime.post(`${path}/error`, describe(error), error);
    }
  }
}

class RuntimeApi {
  // A function is frozen while nothing comes, for hours: no wait may have an end, as fetch's has.
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly api: string,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** The next invocation; `undefined` when the loop is to end. */
  async next(): Promise<{ invocation: Invocation; event: unknown } | undefined> {
    try {
      const { headers, body } = await this.send('GET', '/invocation/next');
      const invocation = { requestId: header(headers, 'aws-request-id'), deadlineMs: +header(headers, 'deadline-ms') };
      return { invocation, event: JSON.parse(body.toString('utf8')) };
    } catch (error) {
      if (this.signal?.aborted) return undefined;
      throw error;
    }
  }

  async post(path: string, value: unknown, error?: unknown): Promise<void> {
    const name = error === undefined ? undefined : (error as Error).name;
    const headers = name === undefined ? undefined : { 'lambda-runtime-function-error-type': name };
    await this.send('POST', path, JSON.stringify(value), headers);
  }

  private send(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
    return new Promise<{ headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
      const [host, port] = this.api.split(':');
      const options = { host, port, method, path: BASE + path, agent: this.agent, signal: this.signal };
      const type = { 'content-type': 'application/json', ...headers };
      const sent = request({ ...options, headers: type }, async (response) => {
        try {
          const answer = await buffer(response);
          if ((response.statusCode ?? 500) >= 300) {
            throw new Error(`Lambda's runtime API answered ${response.statusCode} to ${method} ${path}: ${answer}`);
          }
          resolve({ headers: response.headers, body: answer });
        } catch (error) {
          reject(error);
        }
      });
      sent.on('error', reject).end(body);
    });
  }
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[`lambda-runtime-${name}`];
  if (typeof value !== 'string') throw new Error(`Lambda's runtime API sent no lambda-runtime-${name}`);
  return value;
}

function describe(error: unknown): { errorType: string; errorMessage: string; stackTrace: string[] } {
  const { name, message, stack = '' } = error as Error;
  return { errorType: name, errorMessage: message, stackTrace: stack.split('\n').slice(1, 10) };
}

import { Agent, errors, request } from 'undici';
import { BackendUnavailableError, InputsRejectedError } from './backend';

/** Connections to one server; more requests than that wait for one. */
const CONNECTIONS = 16;
/** Shorter than what servers commonly allow, so that they seldom close one that we are about to use. */
const KEEP_ALIVE_MS = 4000;
const MESSAGE_KEPT = 300;

export interface HttpClientOptions {
  /** `http://host:8501`, with or without a path. */
  readonly url: string;
  /** Milliseconds for one exchange, connecting included. */
  readonly timeoutMs: number;
  /** Bytes of an answer at most. */
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Another server's HTTP: connections kept alive, every exchange bounded in time and size, redirects not followed. */
export class HttpClient {
  private readonly agent: Agent;

  constructor(private readonly options: HttpClientOptions) {
    this.agent = new Agent({
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: options.timeoutMs },
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      maxResponseSize: options.maxBytes,
    });
  }

  get(path: string): Promise<HttpAnswer> {
    return this.exchange(path, 'GET');
  }

  post(path: string, body: Buffer | string, headers: Record<string, string>): Promise<HttpAnswer> {
    return this.exchange(path, 'POST', body, headers);
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  /**
   * @throws BackendUnavailableError when there is no answer in time, or it is 429, 502, 503 or 504
   * @throws Error when the answer is another error, or too large
   */
  private async exchange(
    path: string,
    method: 'GET' | 'POST',
    body?: Buffer | string,
    headers?: Record<string, string>,
  ) {
    const { url, timeoutMs, maxBytes } = this.options;
    const where = url.replace(/\/+$/, '') + path;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const answer = await request(where, { dispatcher: this.agent, method, body, headers, signal });
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      if (answer.statusCode === 200) return { headers: answer.headers, body: bytes };
      const message = `${method} ${where} answered ${answer.statusCode}: ${reason(bytes)}`;
      if ([429, 502, 503, 504].includes(answer.statusCode)) throw new BackendUnavailableError(message);
      throw [400, 422].includes(answer.statusCode) ? new InputsRejectedError(message) : new Error(message);
    } catch (error) {
      if (error instanceof errors.ResponseExceededMaxSizeError) {
        throw new Error(`${method} ${where} answered more than ${maxBytes} bytes (inferenceBytes)`);
      }
      const { code, name, message } = error as NodeJS.ErrnoException;
      if (name === 'TimeoutError' || name === 'AbortError' || code?.startsWith('UND_ERR_') || isSystemError(error)) {
        const why = name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : message || code;
        throw new BackendUnavailableError(`${method} ${where}: ${why}`, { cause: error });
      }
      throw error;
    }
  }
}

/**
 * An answer's JSON.
 *
 * @throws Error when it is none
 */
export function parseAnswer(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Error(`${what} is not JSON: ${bytes.toString('utf8', 0, MESSAGE_KEPT)}`);
  }
}

function isSystemError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === 'string' || error instanceof AggregateError;
}

/** Both protocols put an error's message in `error`. */
function reason(body: Buffer): string {
  const text = body.toString('utf8', 0, 10_000);
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error.slice(0, MESSAGE_KEPT);
  } catch {
    // Not every server, nor every proxy before one, answers JSON.
  }
  return text.slice(0, MESSAGE_KEPT) || 'no body';
}

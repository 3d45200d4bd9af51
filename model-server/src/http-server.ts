import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Express } from 'express';
import { Admission } from './admission';
import { endInOneWrite } from './end-in-one-write';
import { expressPrototypes } from './express-prototypes';
import { PROBLEM_TYPE, Problem } from './problem';
import { headProblem } from './security/request-head';
import { SlowBodies } from './slow-bodies';

const LIMITS = {
  /** Longer than the 60 seconds of load balancers, so that they close idle connections, not we. */
  keepAliveTimeout: 65_000,
  /** A head has 16 KiB at most: whoever needs longer only holds a connection. Node counts from the connection's start. */
  headersTimeout: 8000,
  /** What a body of 100,000 bytes takes at the slowest pace that is accepted, and some. */
  requestTimeout: 120_000,
  /** Often, because whoever attacks by many connections would otherwise have them all ended in one tick. */
  connectionsCheckingInterval: 50,
  /** Refused below, because Node's own refusal has no body. */
  requireHostHeader: false,
};
const IDLE_CHECK_MS = 50;
/** What those who run the server ask is answered also, and above all, when there is too much to do. */
export const ANSWERED_UNDER_OVERLOAD = /^\/(livez|ping|readyz|startupz|metrics|v2\/health)\b/;
export const OVERLOADED = new Problem('overloaded', 'more requests than this server can answer in time; try again');
const REFUSAL = JSON.stringify(OVERLOADED);
const REFUSAL_HEAD = ['Content-Type', PROBLEM_TYPE, 'Content-Length', `${REFUSAL.length}`, 'Retry-After', '1'];
const CONNECTIONS_CHECK_MS = 1000;
const REHEARSED_REFUSALS = 300;
/** When this is over it goes without the rest. */
const REHEARSAL_MS = 300;

export interface OverloadEvents {
  /** Called when an overload begins or ends. */
  onChange(overloaded: boolean): void;
  /** Called with the method of each that it refuses. */
  onRefused(method: string): void;
}

export interface HttpServerOptions {
  /** What answers in the app's place, with its prototypes. @default - the app */
  readonly listener?: RequestListener;
  /** When it is given, requests are refused while there are too many. */
  readonly overload?: OverloadEvents;
}

/** A listener whose errors are problems too where no request gets as far as the app. */
export class HttpServer {
  private readonly server: Server;
  /** Open connections, with their newest answer until it is over; `undefined` for one that never asked anything. */
  private readonly connections = new Map<Socket, ServerResponse | 'answered' | undefined>();
  private readonly slowBodies = new SlowBodies();
  private readonly check = setInterval(() => this.lookAtConnections(), CONNECTIONS_CHECK_MS).unref();

  private readonly admission: Admission | undefined;
  private rehearsing = false;

  constructor(app: Express, { listener = app, overload }: HttpServerOptions = {}) {
    const { connections } = this;
    // So that an idle connection keeps nothing of what it asked last.
    function over(this: ServerResponse): void {
      const { socket, complete } = this.req;
      if (complete && connections.get(socket) === this) connections.set(socket, 'answered');
    }
    const admission = overload && new Admission({ connections: () => connections.size, onChange: overload.onChange });
    this.admission = admission;
    this.server = createServer({ ...LIMITS, ...expressPrototypes(app) }, (request, response) => {
      const tooMany = admission && (!admission.admits() || this.rehearsing);
      const refused = tooMany && !ANSWERED_UNDER_OVERLOAD.test(request.url as string);
      if (!refused || mayHaveBody(request.rawHeaders)) {
        connections.set(request.socket, response);
        response.on('close', over);
      }
      if (refused) {
        if (!this.rehearsing) overload.onRefused(request.method as string);
        response.writeHead(OVERLOADED.status, REFUSAL_HEAD);
        endInOneWrite(response, REFUSAL);
        return;
      }
      const hosts = countHosts(request.rawHeaders);
      if (hosts > 1 || (hosts === 0 && request.httpVersion !== '1.0')) {
        respond(response, new Problem('malformed-request', `send one Host header; there are ${hosts}`));
      } else {
        const tooLarge = headProblem(request);
        if (tooLarge) respond(response, tooLarge);
        else listener(request, response);
      }
    });
    this.server.on('connection', (socket) => {
      this.connections.set(socket, undefined);
      socket.once('close', () => this.connections.delete(socket));
    });
    this.server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => this.refuse(error, socket));
    this.server.on('checkExpectation', (_request, response) => {
      respond(response, new Problem('expectation-failed', 'the only expectation that is met is 100-continue'));
    });
  }

  /**
   * Refuses requests of its own, on a port that nobody knows; before it listens. V8 compiles a server that refuses nobody
   * as if it never would, and throws that away at the first refusal, at the beginning of an overload.
   */
  async rehearseRefusals(): Promise<void> {
    const { server } = this;
    if (!this.admission) return;
    // Workers of a cluster would share it otherwise.
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true });
    await once(server, 'listening');
    this.rehearsing = true;
    const signal = AbortSignal.timeout(REHEARSAL_MS);
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    try {
      for (let i = 0; i < REHEARSED_REFUSALS; i++) {
        socket.write('GET /v1/recommendations HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await once(socket, 'data', { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      const closed = once(server, 'close');
      socket.destroy();
      server.close();
      server.closeAllConnections();
      await closed;
      this.rehearsing = false;
    }
  }

  /** Asks for one request that doesn't come by HTTP/1.1 to be taken on. */
  admits(): boolean {
    return this.admission?.admits() ?? true;
  }

  /** Milliseconds that a request read now has waited already, at least. */
  waitedMs(): number {
    return this.admission?.waitedMs() ?? 0;
  }

  /**
   * @returns the port
   * @throws Error with `code` EADDRINUSE or EACCES
   */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Listens no more; resolves when all requests are answered, or cut off because the time is over. */
  async close(deadlineMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    // Node doesn't count them as idle, but browsers open some ahead and keep them for minutes.
    for (const [socket, asked] of this.connections) if (!asked) socket.destroy();
    // A connection whose request was under way at the close turns idle later.
    const idle = setInterval(() => this.server.closeIdleConnections(), IDLE_CHECK_MS);
    const deadline = setTimeout(() => this.server.closeAllConnections(), deadlineMs);
    await closed;
    clearInterval(idle);
    clearInterval(this.check);
    clearTimeout(deadline);
  }

  private lookAtConnections(): void {
    const slow: [Socket, ServerResponse][] = [];
    for (const [socket, answer] of this.connections) {
      if (!answer || answer === 'answered') continue;
      if (this.slowBodies.isTooSlow(socket, answer)) slow.push([socket, answer]);
    }
    // Spread until the next check: a thousand ended at once would hold up everybody else.
    for (const [i, [socket, answer]] of slow.entries()) {
      setTimeout(
        () => {
          if (!this.slowBodies.isTooSlow(socket, answer)) return;
          if (answer.writableEnded) socket.destroy();
          else this.refuse({ name: 'Error', message: '', code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket);
        },
        (i / slow.length) * CONNECTIONS_CHECK_MS,
      ).unref();
    }
  }

  /** Answers bytes that the parser could not read, unless they would end up in the middle of another answer. */
  private refuse(error: NodeJS.ErrnoException, socket: Socket): void {
    const answer = this.connections.get(socket);
    const underWay = answer && answer !== 'answered' && !answer.writableFinished ? answer : undefined;
    const midway = underWay && (underWay.headersSent || !underWay.socket);
    // Browsers open connections ahead: an answer to nothing would be taken for one to their first request.
    const silent = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0;
    if (error.code === 'ECONNRESET' || !socket.writable || midway || silent) {
      socket.destroy();
      return;
    }
    const problem = toProblem(error.code);
    const body = JSON.stringify(problem);
    socket.end(
      [
        `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
        'Connection: close',
        `Content-Type: ${PROBLEM_TYPE}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
      () => socket.destroy(),
    );
  }
}

/** To requests that the app must not see; what is left of their connections can't be trusted. */
function respond(response: ServerResponse, problem: Problem): void {
  const body = JSON.stringify(problem);
  response.writeHead(problem.status, {
    Connection: 'close',
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** Whether a body may follow, which may be slow to come. */
function mayHaveBody(rawHeaders: readonly string[]): boolean {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length !== 14 && name.length !== 17) continue;
    const lower = name.toLowerCase();
    if (lower === 'content-length' || lower === 'transfer-encoding') return true;
  }
  return false;
}

/** Of several, Node shows the first, and who stands before this server may have gone by another. */
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts;
}

function toProblem(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Problem('headers-too-large', 'the path and the headers have at most 16384 bytes together');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Problem(
      'request-timeout',
      `send the head within ${LIMITS.headersTimeout / 1000} seconds and the body without long pauses`,
    );
  }
  return new Problem('malformed-request', 'this is not HTTP/1.1');
}

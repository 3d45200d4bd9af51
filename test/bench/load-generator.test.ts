import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { generateLoad, type LoadOptions, type PhaseResult, rawRequest } from '../../bench/load-generator';
import { describeWithCompiler } from './c-compiler';

const GET = [rawRequest('GET', '/')];

/** Loads a server that lives as long as the load. */
async function load(
  server: ReturnType<typeof createServer | typeof createRawServer>,
  options: Omit<LoadOptions, 'port'>,
) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await generateLoad({ port: (server.address() as AddressInfo).port, ...options });
  } finally {
    server.close();
  }
}

const http = (listener: RequestListener) => createServer({ keepAliveTimeout: 60_000 }, listener);

/** Answers each request's head by raw bytes, as often as asked. */
function raw(answer: (socket: Socket) => void) {
  return createRawServer((socket) => {
    socket.on('error', () => undefined);
    let text = '';
    socket.setEncoding('latin1').on('data', (part) => {
      text += part;
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        text = text.slice(end + 4);
        answer(socket);
      }
    });
  });
}

const failed = (phase: PhaseResult) => Object.values(phase.failures).reduce((sum, count) => sum + count, 0);

describeWithCompiler('the load generator', () => {
  test('an open loop sends rate × seconds requests, evenly, on connections that stay open', async () => {
    const sockets = new Set<unknown>();
    const server = http((request, response) => {
      sockets.add(request.socket);
      response.end('{}');
    });
    const { phases, series } = await load(server, {
      requests: GET,
      connections: 20,
      phases: [{ rate: 400, seconds: 0.5 }],
      series: true,
    });
    expect(phases[0]).toMatchObject({ rate: 400, intended: 200, statuses: { 200: 200 }, reconnects: 0 });
    expect(phases[0]?.accepted.count).toBe(200);
    expect(phases[0]?.lag.count).toBe(200);
    expect(sockets.size).toBe(20);
    expect(series.map(({ second, intended }) => [second, intended])).toEqual([[0, 200]]);
  });

  test('latency counts from the intended start: what waits for a connection, waits in the figures', async () => {
    const server = http((_request, response) => {
      setTimeout(() => response.end(), 50);
    });
    // One connection carries 20 requests a second of these: the tenth, due after 90 ms, ends after 500 ms.
    const { phases } = await load(server, { requests: GET, connections: 1, phases: [{ rate: 100, seconds: 0.1 }] });
    expect(phases[0]?.accepted.count).toBe(10);
    expect(phases[0]?.accepted.max).toBeGreaterThan(400);
    expect(phases[0]?.queued.count).toBe(9);
  });

  test('a closed loop asks again when it has its answer: never more requests at once than connections', async () => {
    let open = 0;
    let most = 0;
    const server = http((_request, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.end();
      }, 5);
    });
    const { phases } = await load(server, {
      requests: GET,
      connections: 8,
      phases: [{ rate: 'closed', seconds: 0.3 }],
    });
    expect(most).toBe(8);
    expect(phases[0]?.rate).toBe('closed');
    expect(phases[0]?.accepted.count).toBe(phases[0]?.intended);
    expect(phases[0]?.accepted.p50).toBeGreaterThan(4);
  });

  test('requests go out in turn, with their bodies', async () => {
    const bodies: string[] = [];
    const server = http(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      bodies.push(`${request.method} ${request.url} ${body}`);
      response.end();
    });
    const requests = [rawRequest('POST', '/a', { items: ['ä'] }), rawRequest('GET', '/b')];
    await load(server, { requests, phases: [{ rate: 100, seconds: 0.03 }] });
    expect(bodies).toEqual(['POST /a {"items":["ä"]}', 'GET /b ', 'POST /a {"items":["ä"]}']);
  });

  test('refusals are counted apart, with their Retry-After; other statuses are neither accepted nor refused', async () => {
    const answers = [[200], [503, '1'], [429], [404]] as const;
    let asked = 0;
    const server = http((_request, response) => {
      const [status, retryAfter] = answers[asked++ % 4] as (typeof answers)[number];
      if (retryAfter) response.setHeader('Retry-After', retryAfter);
      response.writeHead(status, { 'x-rung': `rung-${status}` }).end('x');
    });
    const { phases } = await load(server, {
      requests: GET,
      phases: [{ rate: 200, seconds: 0.2 }],
      countHeader: 'X-Rung',
    });
    expect(phases[0]?.statuses).toEqual({ 200: 10, 404: 10, 429: 10, 503: 10 });
    expect([phases[0]?.accepted.count, phases[0]?.refused.count, phases[0]?.retryAfter]).toEqual([10, 20, 10]);
    expect(phases[0]?.header).toEqual({ 'rung-200': 10, 'rung-404': 10, 'rung-429': 10, 'rung-503': 10 });
  });

  test('phases follow each other, are told as they begin, and keep their own figures', async () => {
    const told: number[] = [];
    const { phases } = await load(
      http((_request, response) => response.end()),
      {
        requests: GET,
        connections: 4,
        phases: [
          { rate: 100, seconds: 0.1 },
          { rate: 'closed', seconds: 0.1 },
          { rate: 50, seconds: 0.1 },
        ],
        onPhase: (phase) => told.push(phase),
      },
    );
    expect(told).toEqual([0, 1, 2, 3]);
    expect([phases[0]?.intended, phases[2]?.intended]).toEqual([10, 5]);
  });

  test('chunked bodies end by their last chunk, and heads may come in pieces', async () => {
    const pieces = [
      'HTTP/1.1 200 OK\r\nTransfer-Enc',
      'oding: chunked\r\n\r\n4;x=1\r\nab',
      'cd\r\n',
      '0\r\n',
      'T: 1\r\n\r\n',
    ];
    const server = raw(async (socket) => {
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    });
    const { phases } = await load(server, { requests: GET, phases: [{ rate: 50, seconds: 0.1 }] });
    expect(phases[0]).toMatchObject({ statuses: { 200: 5 }, reconnects: 0 });
    expect(failed(phases[0] as PhaseResult)).toBe(0);
  });

  test('a server that closes after each answer is connected to anew, and no request fails', async () => {
    const server = http((_request, response) => response.setHeader('Connection', 'close').end('x'));
    const { phases } = await load(server, { requests: GET, connections: 2, phases: [{ rate: 100, seconds: 0.2 }] });
    expect(phases[0]?.statuses).toEqual({ 200: 20 });
    expect(phases[0]?.reconnects).toBeGreaterThanOrEqual(18);
  });

  test('requests cut off midway and answers that are no HTTP/1.1 are failures, each by its name', async () => {
    let asked = 0;
    const server = raw((socket) => {
      if (asked++ % 2 === 0) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
      else socket.write('ICY 200 OK\r\n\r\n');
    });
    const { phases } = await load(server, { requests: GET, phases: [{ rate: 50, seconds: 0.2 }] });
    expect(phases[0]?.failures).toMatchObject({ closed: 5, malformed: 5, timeout: 0 });
  });

  test('a server that never answers costs its timeout, on a connection or in the queue for one', async () => {
    const { phases } = await load(
      raw(() => undefined),
      { requests: GET, phases: [{ rate: 100, seconds: 0.05 }], timeoutMs: 100 },
    );
    const { timeout, neverSent } = phases[0]?.failures ?? { timeout: 0, neverSent: 0 };
    expect(timeout).toBeGreaterThanOrEqual(1);
    expect(timeout + neverSent).toBe(5);
  });

  test('the same seed makes the same Poisson arrivals, another seed others', async () => {
    const count = async (poissonSeed: number) => {
      const server = http((_request, response) => response.end());
      const { phases } = await load(server, { requests: GET, phases: [{ rate: 500, seconds: 0.2 }], poissonSeed });
      return phases[0]?.intended;
    };
    const [first, again, other] = [await count(7), await count(7), await count(8)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    expect(first).not.toBe(100);
  });

  test.each([
    [{ phases: [{ rate: -1, seconds: 1 }] }, /--phases: got "-1"; allowed is a number from 0\.01 to/],
    [{ connections: 0 }, /--connections: got "0"; allowed is a number from 1 to 100000/],
    [{ requests: ['GET / HTTP/1.1\r\n'] }, /request 1 has no empty line after its head/],
    [{ requests: [] }, /is empty/],
  ])('fails when it is asked for %j', async (wrong, message) => {
    const options = { port: 1, requests: GET, phases: [{ rate: 1, seconds: 1 }], ...wrong };
    await expect(generateLoad(options)).rejects.toThrow(message);
  });
});

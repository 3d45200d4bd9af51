import { request } from 'node:http';
import type { Bench } from '../bench';
import type { Measurement } from '../figures';
import { P99_MS } from '../objective';
import { recommendationsPath } from '../workload';
import { CONNECTIONS } from './capacity';

/** Times the server's figure. */
const HEADROOM = 3;
/** Where the server's own figure wasn't measured in this run: the one that is asked of it. */
const FIGURE = 8000;

/**
 * What the generator bears where no server holds it up: three times the figure, open loop, over as many connections, from
 * a program that answers each request by the bytes that our server answered.
 */
export async function measureHeadroom(bench: Bench): Promise<Measurement> {
  const figure = Math.max(FIGURE, bench.figures.get('capacity.ours')?.value ?? 0);
  const connections = bench.connections(CONNECTIONS);
  const response = await bench.withServer({ name: 'ours' }, ({ port }) => rawAnswer(port));
  return bench.withServer({ name: 'no-op', response }, async (server) => {
    const open = await bench.load(server, { rate: HEADROOM * figure, connections });
    const closed = await bench.load(server, { rate: 'closed', connections });
    const rate = open.accepted.count / open.seconds;
    const title = `open loop against a server that does nothing, times our server's figure or ${FIGURE}`;
    return {
      figures: [
        { id: 'headroom.times', title, unit: '×', value: rate / figure, bar: { atLeast: HEADROOM - 0.001 } },
        {
          id: 'headroom.p99',
          title: 'p99 at that rate',
          unit: 'ms',
          value: open.accepted.p99,
          bar: { atMost: P99_MS },
        },
        { id: 'headroom.lag', title: 'own lag at that rate, p99', unit: 'ms', value: open.lag.p99 },
        { id: 'headroom.closed', title: 'closed loop', unit: 'requests/s', value: closed.completed / closed.seconds },
      ],
    };
  });
}

/** An answer of our server, as bytes. */
function rawAnswer(port: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: recommendationsPath(0), agent: false }, (response) => {
      const parts: Buffer[] = [];
      response
        .on('data', (part: Buffer) => parts.push(part))
        .on('end', () => {
          const body = Buffer.concat(parts);
          const headers = { ...response.headers, connection: 'keep-alive', 'content-length': body.length };
          const lines = Object.entries(headers).filter(([name]) => name !== 'transfer-encoding');
          const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
          resolve(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\n`), body]));
        });
    })
      .on('error', reject)
      .end();
  });
}

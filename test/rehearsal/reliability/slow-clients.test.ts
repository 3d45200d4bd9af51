import { once } from 'node:events';
import { connect } from 'node:net';
import { setInterval as ticks } from 'node:timers/promises';
import { ServerProcess } from '../../../bench/reliability/server-process';
import { slowClients } from '../../../bench/reliability/slow-clients';
import { smallStore } from '../../../bench/reliability/small-store';
import { brokenBars } from './broken-bars';
import { testWith } from './can-have';
import { seed } from './seed';

testWith('a C compiler')(
  '2,000 slow heads and bodies are gone in 10 s, and all honest requests answered',
  async () => {
    const result = await slowClients({ seed, rounds: 1 });
    // Two latencies are compared on a quiet machine, by npm run verify:full.
    expect(brokenBars(result, (what) => !what.startsWith('p99'))).toEqual([]);
  },
  60_000,
);

test('a body that comes slowly but steadily is accepted', async () => {
  const store = await smallStore();
  const server = await ServerProcess.start(store);
  try {
    const body = JSON.stringify({ items: ['item-0'], exclude: Array(500).fill('item-1') }).padEnd(16_000);
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /v1/recommendations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    const answer = once(socket.setEncoding('latin1'), 'data');
    let sent = 0;
    // 2,000 bytes a second, for 8 s.
    for await (const _ of ticks(100)) {
      socket.write(body.slice(sent, sent + 200));
      sent += 200;
      if (sent >= body.length) break;
    }
    expect((await answer)[0]).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  } finally {
    await server.stop('SIGKILL');
    await store.remove();
  }
}, 30_000);

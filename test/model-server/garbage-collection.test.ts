import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { constants, type NodeGCPerformanceDetail, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { shortenGarbagePauses } from '../../model-server/src/garbage-collection';

const { NODE_PERFORMANCE_GC_MINOR: MINOR, NODE_PERFORMANCE_GC_FLAGS_FORCED: FORCED } = constants;

describe('shortenGarbagePauses', () => {
  const server = createServer();
  const sockets: Socket[] = [];
  const now = jest.spyOn(performance, 'now');
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind, flags } = (entry as { detail?: unknown }).detail as NodeGCPerformanceDetail;
      if (kind === MINOR && flags === FORCED) collections++;
    }
  });

  /** @returns the collections that they caused */
  async function open(connections: number): Promise<number> {
    const before = collections;
    const { port } = server.address() as AddressInfo;
    for (let i = 0; i < connections; i++) {
      const accepted = once(server, 'connection');
      sockets.push(connect(port, '127.0.0.1'));
      await accepted;
    }
    // Node tells of a collection in the next turn, and its observers in the one after.
    await turn();
    await turn();
    await turn();
    return collections - before;
  }

  beforeAll(async () => {
    now.mockReturnValue(1000);
    shortenGarbagePauses();
    observer.observe({ entryTypes: ['gc'] });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });

  afterAll(async () => {
    observer.disconnect();
    now.mockRestore();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  it('collects young garbage after every 64 new connections', async () => {
    now.mockReturnValue(2000);
    expect([await open(63), await open(1)]).toEqual([0, 1]);
    now.mockReturnValue(3000);
    expect([await open(63), await open(1)]).toEqual([0, 1]);
  });

  it('waits 100 ms before it does so again', async () => {
    now.mockReturnValue(3099);
    expect(await open(200)).toBe(0);
    now.mockReturnValue(3100);
    expect(await open(1)).toBe(1);
  });
});

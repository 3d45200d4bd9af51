import { EventEmitter, once } from 'node:events';
import { Circuit } from '../../../model-server/src/redis/circuit';

/** A circuit whose probes fail until `isBack`; its changes are events. */
class Bench extends EventEmitter {
  isBack = false;
  probes = 0;
  readonly changes: unknown[] = [];
  readonly circuit: Circuit;

  constructor(failures: number) {
    super();
    this.circuit = new Circuit({
      failures,
      retryMs: 1,
      maxRetryMs: 2,
      probe: async () => {
        this.probes++;
        this.emit('probe');
        if (!this.isBack) throw new Error('not back');
      },
      onChange: (open, cause) => {
        this.changes.push(open ? [open, cause] : open);
        this.emit('change');
      },
    });
  }
}

describe('a circuit', () => {
  let bench: Bench;
  afterEach(() => bench.circuit.stop());

  it('opens after failures in a row, not after as many with a success among them', async () => {
    bench = new Bench(3);
    for (const cause of [1, 2]) bench.circuit.failed(cause);
    bench.circuit.succeeded();
    for (const cause of [3, 4]) bench.circuit.failed(cause);
    expect(bench.circuit.isOpen).toBe(false);
    bench.circuit.failed(5);
    bench.circuit.failed(6);
    expect([bench.circuit.isOpen, bench.circuit.cause]).toEqual([true, 5]);
    await once(bench, 'change');
    expect(bench.changes).toEqual([[true, 5]]);
  });

  it('probes by itself, again and again, and closes when a probe is answered', async () => {
    bench = new Bench(1);
    bench.circuit.failed('gone');
    expect(bench.probes).toBe(1);
    for (let i = 0; i < 3; i++) await once(bench, 'probe');
    expect(bench.circuit.isOpen).toBe(true);
    bench.isBack = true;
    await once(bench, 'change');
    expect([bench.circuit.isOpen, bench.circuit.cause]).toEqual([false, undefined]);
    expect(bench.changes).toEqual([[true, 'gone'], false]);
  });

  it('says nothing of a false alarm, and closes as soon as the first probe is answered', async () => {
    bench = new Bench(1);
    bench.isBack = true;
    bench.circuit.failed('slow');
    expect(bench.circuit.isOpen).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.circuit.isOpen).toBe(false);
    expect([bench.changes, bench.probes]).toEqual([[], 1]);
  });

  it('lets no process live for its probes, and makes none once it is stopped', async () => {
    bench = new Bench(1);
    bench.circuit.failed('gone');
    await once(bench, 'probe');
    bench.circuit.stop();
    const { probes } = bench;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(bench.probes).toBe(probes);
  });
});

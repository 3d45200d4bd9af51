import { join } from 'node:path';
import { k6Program } from '@cdktf-recommender/rehearsal';
import { ServerProcess } from '../../../bench/reliability/server-process';
import { type SmallStore, smallStore } from '../../../bench/reliability/small-store';
import { run } from '../../../rehearsal/src/process/run';
import { testWith } from './can-have';

const ROOT = join(__dirname, '../../..');

describe('the load test', () => {
  let store: SmallStore;
  let server: ServerProcess;
  beforeAll(async () => {
    store = await smallStore();
    server = await ServerProcess.start(store);
  });
  afterAll(async () => {
    await server.stop('SIGKILL');
    await store.remove();
  });

  testWith('k6').each([
    // At 100 times the pace 8 minutes take 5 s, and a visitor asks ten times a second.
    ['visitors', '0.005'],
    ['sessions', '0.002'],
  ])(
    'of k6 sends %s through their steps, none of which fails',
    async (scenario, scale) => {
      const settings = { URL: server.url, SCENARIO: scenario, SCALE: scale, PACE: '100' };
      const env = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
      const args = ['run', '--no-usage-report', '--no-color', '--quiet', ...env, join(ROOT, 'loadtest/shop.mjs')];
      const { output } = await run(await k6Program({ onProgress: console.log }), args, { timeoutSeconds: 120 });
      console.log(output);
      expect(output).toMatch(/✓ 'rate<0.001' rate=0.00%/);
      for (const step of ['home', 'similar', 'session']) expect(output).toContain(`✓ ${step} is answered`);
      expect(output).toMatch(/p\(99\)<100/);
    },
    900_000,
  );

  testWith('a C compiler')(
    'without k6 asks for the same, and prints a table',
    async () => {
      const program = join(ROOT, 'dist/bench/shop-load.js');
      const args = [program, '--port', `${server.port}`, '--scale', '0.1', '--pace', '60'];
      const { output } = await run(process.execPath, args, { timeoutSeconds: 60 });
      console.log(output);
      expect(output).toMatch(/^0 of \d+ failed; allowed is a share of 0.001$/m);
    },
    90_000,
  );
});

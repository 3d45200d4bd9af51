import { malformedRequests } from '../../../bench/abuse/malformed-requests';
import { RAW_SHAPES } from '../../../bench/abuse/raw-shapes';
import { sendRaw } from '../../../bench/abuse/send';
import { ServerProcess } from '../../../bench/reliability/server-process';
import { type SmallStore, smallStore } from '../../../bench/reliability/small-store';
import { brokenBars } from './broken-bars';
import { seed } from './seed';

const REQUESTS = 50_000;

test(`${REQUESTS} malformed requests are answered in time, by no 5xx and without a leak`, async () => {
  expect(brokenBars(await malformedRequests({ requests: REQUESTS, seed }))).toEqual([]);
}, 180_000);

describe('raw bytes', () => {
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

  test.each(RAW_SHAPES)('$name: answered by $answers', async ({ bytes, answers, half }) => {
    const target = { host: '127.0.0.1', port: server.port };
    const outcome = await sendRaw(target, { bytes, cuts: [], ending: 'end' }, half ? 0 : answers.length);
    expect(outcome.statuses).toEqual(answers);
    expect(outcome.hung).toBe(false);
  });
});

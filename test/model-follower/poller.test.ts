import { RegistryError } from '@cdktf-recommender/model-registry';
import { Poller } from '../../model-follower/src';
import { logged } from './fixtures';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A poller whose looks do in turn as they are told, the last one for ever. */
function poller(looks: readonly (() => Promise<void>)[], seconds = 10) {
  const { logger, lines } = logged();
  let count = 0;
  const look = () => {
    const next = looks[Math.min(count, looks.length - 1)] as () => Promise<void>;
    count++;
    return next();
  };
  const made = new Poller({ look, seconds, logger });
  return { poller: made, lines, looks: () => count };
}

const works = async () => undefined;
const fails = (error: Error) => async () => {
  throw error;
};
const away = new RegistryError('STORE_UNAVAILABLE', 'the store is away', 'Check the network.');

test('looks at once, and then every so many seconds', async () => {
  const { poller: made, looks } = poller([works]);
  made.start();
  expect(looks()).toBe(1);
  await jest.advanceTimersByTimeAsync(30_000);
  expect(looks()).toBe(4);
  await made.stop();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(looks()).toBe(4);
});

test('goes on whatever fails: after 20, 40 and then every 60 seconds, and as before when it works again', async () => {
  const { poller: made, looks } = poller([...Array(5).fill(fails(away)), works]);
  made.start();
  const pauses: number[] = [];
  for (let i = 0; i < 6; i++) {
    await jest.advanceTimersByTimeAsync(0);
    pauses.push(made.pauseSeconds);
    await jest.advanceTimersByTimeAsync(made.pauseSeconds * 1000);
  }
  expect(pauses).toEqual([20, 40, 60, 60, 60, 10]);
  expect(looks()).toBe(7);
  await made.stop();
});

test('a pause above a minute stays as it is', async () => {
  const { poller: made } = poller([fails(away)], 300);
  made.start();
  await jest.advanceTimersByTimeAsync(0);
  expect(made.pauseSeconds).toBe(300);
  await made.stop();
});

test('logs a failure once with its hint, another failure too, and that it is over', async () => {
  const { poller: made, lines } = poller([fails(away), fails(away), fails(new Error('the API server is away')), works]);
  made.start();
  await jest.advanceTimersByTimeAsync(300_000);
  expect(lines.map(({ msg, hint }) => [msg, hint])).toEqual([
    ['look failed: the store is away', 'Check the network.'],
    ['look failed: the API server is away', undefined],
    ['looking works again', undefined],
  ]);
  await made.stop();
});

test('a look that does not end hangs after two minutes, and a failing one never does', async () => {
  const { poller: made } = poller([() => new Promise<void>(() => undefined)]);
  made.start();
  await jest.advanceTimersByTimeAsync(120_000);
  expect(made.hang).toBeUndefined();
  await jest.advanceTimersByTimeAsync(1_000);
  expect(made.hang).toBe('a look has not ended for 121 s');

  const { poller: failing } = poller([fails(away)]);
  failing.start();
  await jest.advanceTimersByTimeAsync(600_000);
  expect(failing.hang).toBeUndefined();
  await failing.stop();
});

test('is unready until a look worked, and again while looks fail', async () => {
  const { poller: made } = poller([works, fails(away), works]);
  expect(made.unready).toBe('it has not looked yet');
  made.start();
  await jest.advanceTimersByTimeAsync(0);
  expect(made.unready).toBeUndefined();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(made.unready).toBe('the store is away');
  await jest.advanceTimersByTimeAsync(20_000);
  expect(made.unready).toBeUndefined();
  await made.stop();
});

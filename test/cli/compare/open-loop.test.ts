import { openLoop } from '../../../cli/compare/open-loop';

test('asks as often as the rate and the time say, in order', async () => {
  const asked: number[] = [];
  const sent = await openLoop({ rate: 200, seconds: 0.1 }, async (index) => asked.push(index));
  expect(asked).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(sent.map(({ outcome }) => outcome)).toEqual(asked.map((index) => index + 1));
});

test('waits for no answer before the next request', async () => {
  const started: number[] = [];
  let answer = () => {};
  const last = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await openLoop({ rate: 100, seconds: 0.05 }, async (index) => {
    started.push(index);
    // Nobody is answered before the last one has asked.
    if (index === 4) answer();
    await last;
  });
  expect(started).toEqual([0, 1, 2, 3, 4]);
});

test('a request that is sent late counts from when it was meant to start', async () => {
  const sent = await openLoop({ rate: 100, seconds: 0.03 }, async (index) => {
    const until = performance.now() + (index === 0 ? 80 : 0);
    while (performance.now() < until);
  });
  // Meant for 10 and 20 ms, sent after 80.
  expect(sent[1]?.lagMs).toBeGreaterThanOrEqual(69);
  expect(sent[2]?.lagMs).toBeGreaterThanOrEqual(59);
  expect(sent.every(({ ms, lagMs }) => ms >= lagMs)).toBe(true);
});

test('none is sent before its time', async () => {
  const start = performance.now();
  const times: number[] = [];
  await openLoop({ rate: 300, seconds: 0.1 }, async () => times.push(performance.now() - start));
  expect(times.filter((ms, index) => ms < (index * 1000) / 300)).toEqual([]);
});

import { climb, highestRate } from '../../bench/highest-rate';

/** A server that bears up to a rate, and the rates it was tried at. */
function server(capacity: number) {
  const tried: number[] = [];
  const holds = async (rate: number) => {
    tried.push(rate);
    return rate <= capacity;
  };
  return { tried, holds };
}

test.each([
  [8000, 250, 8000],
  [8100, 250, 8000],
  [8100, 5000, 8000],
  [8100, 20_000, 8000],
  [920, 900, 750],
  [249, 8000, 0],
])('a server that bears %d, searched from %d, bears %d in steps of 250', async (capacity, from, expected) => {
  const { holds, tried } = server(capacity);
  await expect(highestRate({ holds, from, step: 250, tries: 40 })).resolves.toBe(expected);
  expect(tried.every((rate) => rate % 250 === 0)).toBe(true);
});

test('the final rate is tried once more', async () => {
  const { holds, tried } = server(8000);
  await highestRate({ holds, from: 8000, step: 250 });
  expect(tried.at(-1)).toBe(8000);
  expect(tried.filter((rate) => rate === 8000)).toHaveLength(2);
});

test('a rate that held by luck gives way to the one below', async () => {
  let lucky = 1;
  const holds = async (rate: number) => rate <= 5000 || (rate === 5250 && lucky-- > 0);
  await expect(highestRate({ holds, from: 5250, step: 250 })).resolves.toBe(5000);
});

test('a search ends after its tries, with a rate that held', async () => {
  const { holds, tried } = server(1_000_000);
  const found = await highestRate({ holds, from: 1000, step: 250, tries: 4 });
  expect(tried).toHaveLength(5);
  expect(found).toBe(Math.max(...tried));
});

test.each([
  [8000, 8000],
  [8600, 8500],
  [7000, 8000],
])('a server that bore 8000 and now bears %d climbs to %d', async (capacity, expected) => {
  const { holds } = server(capacity);
  await expect(climb({ holds, from: 8000, step: 250 })).resolves.toBe(expected);
});

test('a rate that is not borne twice gives way to the one below', async () => {
  const answers = [true, true, false, false, true];
  const holds = async () => answers.shift() as boolean;
  await expect(climb({ holds, from: 8000, step: 250 })).resolves.toBe(8250);
  expect(answers).toEqual([]);
});

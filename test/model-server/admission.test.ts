import { Admission } from '../../model-server/src/admission';

/** An admission whose clock stands still until a test moves it. */
function admission(connections = 10_000) {
  let now = 0;
  const changes: boolean[] = [];
  const admits = new Admission({
    connections: () => connections,
    onChange: (overloaded) => changes.push(overloaded),
    now: () => now,
  });
  /** One turn of the event loop: requests, each of which takes some milliseconds; gives how many were admitted. */
  const turn = async (requests: number, msEach: number): Promise<number> => {
    let admitted = 0;
    for (let request = 0; request < requests; request++) {
      if (admits.admits()) admitted++;
      now += msEach;
    }
    await new Promise((resolve) => setImmediate(resolve));
    return admitted;
  };
  const refusals = async () => {
    for (let i = 0; i < 2; i++) expect(await turn(200, 0.25)).toBe(200);
    expect(changes).toEqual([true]);
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { turn, changes, admits, refusals, pass };
}

describe('Admission', () => {
  it('admits all while turns are short', async () => {
    const { turn, changes } = admission();
    for (let i = 0; i < 300; i++) expect(await turn(49, 1)).toBe(49);
    expect(changes).toEqual([]);
  });

  it('takes one long pause for no overload', async () => {
    const { turn, changes } = admission();
    expect(await turn(1, 95)).toBe(1);
    expect(await turn(5, 1)).toBe(5);
    expect(await turn(1, 95)).toBe(1);
    expect(await turn(5, 1)).toBe(5);
    expect(changes).toEqual([]);
  });

  it('says how long those who are read in a crowd have waited: the last turn, or this one until now', async () => {
    const { turn, admits, pass } = admission();
    expect(admits.waitedMs()).toBe(0);
    await turn(32, 0.25);
    for (let i = 0; i < 31; i++) admits.admits();
    expect(admits.waitedMs()).toBe(8);
    pass(9);
    expect(admits.waitedMs()).toBe(8);
    admits.admits();
    expect(admits.waitedMs()).toBe(9);
  });

  it.each([
    ['counts no turn that was over before', 85, 21, 0],
    ['counts no turn of fewer requests', 31, 0, 0],
    ['counts the whole of a long turn, not the last part of it', 85, 0, 85],
  ])('%s', async (_, requests, msSince, waited) => {
    const { turn, admits, pass } = admission();
    await turn(requests, 1);
    pass(msSince);
    admits.admits();
    expect(admits.waitedMs()).toBe(waited);
  });

  it('takes a pause and the crowded turn after it for no overload', async () => {
    const { turn, changes } = admission();
    for (let i = 0; i < 5; i++) {
      for (const [requests, msEach] of [
        [199, 0.5],
        [900, 0.06],
        [500, 0.06],
        [20, 0.06],
      ] as const) {
        expect(await turn(requests, msEach)).toBe(requests);
      }
    }
    expect(changes).toEqual([]);
  });

  it('refuses what comes late in a turn, once late turns meet no fewer requests than before', async () => {
    const { turn, admits, refusals } = admission();
    await refusals();
    expect(await turn(15, 1)).toBe(1);
    expect(admits.waitedMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('refuses nothing while each turn meets fewer requests than the one before', async () => {
    const { turn, changes } = admission();
    for (let requests = 200; requests > 3; requests *= 0.85) {
      expect(await turn(Math.floor(requests), 0.4)).toBe(Math.floor(requests));
    }
    expect(changes).toEqual([]);
  });

  it('refuses when turns stay late for half a second, though they shrink', async () => {
    const { turn, changes } = admission();
    for (let requests = 100; requests > 64; requests *= 0.94) {
      expect(await turn(Math.floor(requests), 0.79)).toBe(Math.floor(requests));
    }
    expect(changes).toEqual([true]);
  });

  it('refuses when a turn does not end', async () => {
    const { turn } = admission();
    expect(await turn(3000, 0.25)).toBeLessThan(900);
  });

  it('refuses nothing of connections that are too few to make turns long', async () => {
    const { turn, changes } = admission(40);
    for (let i = 0; i < 10; i++) expect(await turn(60, 1)).toBe(60);
    expect(changes).toEqual([]);
  });

  it.each([
    ['more of a turn while turns are short', 12, 12],
    ['no more of each part of a turn while turns are long', 480, 24],
  ])('admits %s', async (_, requests, admitted) => {
    const { turn, refusals } = admission();
    await refusals();
    for (let i = 0; i < 300; i++) await turn(requests, 0.125);
    expect(await turn(requests, 0.125)).toBe(admitted);
  });

  it('admits 4 ms of the first long turn, however long turns were short before', async () => {
    const { turn, refusals } = admission();
    await refusals();
    // Some are refused now and then, so that it isn't over.
    for (let i = 0; i < 2100; i++) await turn(i % 21 === 0 ? 36 : 12, 0.125);
    expect(await turn(160, 0.125)).toBe(32);
  });

  it('goes on refusing while turns would be long, and admits all again soon after', async () => {
    const { turn, changes, refusals } = admission();
    await refusals();
    for (let i = 0; i < 100; i++) expect(await turn(90, 1)).toBeLessThanOrEqual(10);
    expect(changes).toEqual([true]);
    for (let i = 0; i < 500; i++) await turn(1, 2);
    expect(changes).toEqual([true, false]);
    expect(await turn(30, 1)).toBe(30);
  });

  it('admits all again when turns leave half of the time, though each is longer than it admits', async () => {
    const { turn, changes, refusals, pass } = admission();
    await refusals();
    for (let i = 0; i < 40; i++) {
      expect(await turn(80, 0.125)).toBeLessThan(80);
      pass(15);
      if (changes.length > 1) break;
    }
    expect(changes).toEqual([true, false]);
    expect(await turn(80, 0.125)).toBe(80);
  });
});

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
  const overload = async () => {
    for (let i = 0; i < 5; i++) await turn(90, 1);
    expect(changes).toEqual([true]);
  };
  /** An overload that is too much without the model as well. */
  const refusals = async () => {
    await overload();
    for (let i = 0; i < 5; i++) expect(await turn(90, 1)).toBe(90);
    await turn(90, 1);
  };
  return { turn, changes, admits, overload, refusals, now: () => now };
}

describe('Admission', () => {
  it('admits all while turns are short', async () => {
    const { turn, changes } = admission();
    for (let i = 0; i < 300; i++) expect(await turn(59, 1)).toBe(59);
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

  it('is overloaded once turns were long without a break, and eased while turns are short', async () => {
    const { turn, changes, admits } = admission();
    for (let i = 0; i < 4; i++) expect(await turn(90, 1)).toBe(90);
    expect(admits.overload).toBe('none');
    await turn(90, 1);
    expect(changes).toEqual([true]);
    expect(admits.overload).toBe('severe');
    await turn(7, 1);
    expect(admits.overload).toBe('eased');
  });

  it('refuses what comes late in a turn, once turns of an overload meet no fewer requests than before', async () => {
    const { turn, admits, refusals } = admission();
    await refusals();
    expect(await turn(15, 1)).toBe(1);
    expect(admits.overload).toBe('severe');
  });

  it('refuses nothing in an overload while each turn meets fewer requests than the one before', async () => {
    const { turn, overload } = admission();
    await overload();
    for (let requests = 200; requests > 3; requests *= 0.85) {
      expect(await turn(Math.floor(requests), 0.9)).toBe(Math.floor(requests));
    }
  });

  it('refuses when turns of an overload stay late, though they shrink now and then', async () => {
    const { turn, overload } = admission();
    await overload();
    for (let i = 0; i < 3; i++) for (const requests of [120, 100, 80]) expect(await turn(requests, 0.7)).toBe(requests);
    let admitted = 0;
    for (const requests of [120, 100, 80]) admitted += await turn(requests, 0.7);
    expect(admitted).toBeLessThan(300);
  });

  it('refuses when a turn of an overload does not end', async () => {
    const { turn, overload } = admission();
    await overload();
    expect(await turn(900, 1)).toBeLessThan(700);
  });

  it('is overloaded sooner when turns are long because of many requests', async () => {
    const { turn, changes } = admission();
    for (let i = 0; i < 10; i++) expect(await turn(499, 0.1)).toBe(499);
    expect(changes).toEqual([]);
    for (let i = 0; i < 3; i++) expect(await turn(500, 0.1)).toBe(500);
    expect(changes).toEqual([true]);
  });

  it('is overloaded at the first crowded turn when each met half as many requests again as the one before', async () => {
    const { turn, changes } = admission();
    for (const requests of [100, 150, 225, 337]) expect(await turn(requests, 0.1)).toBe(requests);
    expect(changes).toEqual([]);
    await turn(506, 0.1);
    expect(changes).toEqual([true]);
  });

  it('takes the crowded turn after a pause for no overload', async () => {
    const { turn, changes } = admission();
    for (let i = 0; i < 10; i++) {
      for (const requests of [20, 30, 800, 500, 300]) expect(await turn(requests, 0.06)).toBe(requests);
    }
    expect(changes).toEqual([]);
  });

  it('admits all again when its connections are too few to make turns long', async () => {
    const { turn, changes, overload } = admission(50);
    await overload();
    // They ask again at once, so that most of what is asked is refused.
    for (let i = 0; i < 10; i++) await turn(60, 1);
    expect(changes).toEqual([true, false]);
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
    for (let i = 0; i < 1000; i++) await turn(12, 0.125);
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

  it('goes on for 5 seconds more when as many come as before, though none need be refused', async () => {
    const { turn, changes, refusals } = admission();
    await refusals();
    for (let i = 0; i < 4900; i++) await turn(1, 1);
    expect(changes).toEqual([true]);
    for (let i = 0; i < 1500; i++) await turn(1, 1);
    expect(changes).toEqual([true, false]);
  });

  it('goes on twice as long when it began again at once, a minute at most', async () => {
    const { turn, changes, overload, now } = admission();
    /** Seconds of an overload in which as many come as before. */
    const lasts = async () => {
      changes.length = 0;
      await overload();
      const began = now();
      while (changes.length === 1) await turn(10, 1);
      return (now() - began) / 1000;
    };
    const expected = [5, 10, 20, 40, 60, 60];
    for (const seconds of expected) {
      const actual = await lasts();
      expect([actual >= seconds, actual < seconds + 1]).toEqual([true, true]);
    }
    for (let i = 0; i < 6200; i++) await turn(10, 1);
    expect(Math.floor(await lasts())).toBe(5);
  });

  it('is over half a second after fewer come, when nothing was refused', async () => {
    const { turn, changes, overload } = admission();
    await overload();
    for (let i = 0; i < 400; i++) await turn(1, 2);
    expect(changes).toEqual([true, false]);
  });
});

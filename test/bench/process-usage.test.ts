import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cpuMicroseconds, processTree, residentBytes, startedBy, stolenMilliseconds } from '../../bench/process-usage';

const linux = process.platform === 'linux' ? test : test.skip;

/** Spins for 200 ms of processor time, holds 50 MB, starts a child, says so, and waits. */
const PROGRAM = `
  const held = Buffer.alloc(50e6, 1);
  while (process.cpuUsage().user < 200_000);
  require('node:child_process').spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  console.log(held.length);
  process.stdin.resume();
`;

test('what the host takes is the eighth figure of a core', () => {
  const stat =
    'cpu  9 9 9 9 9 9 9 999 9 9\ncpu0 1 2 3 4 5 6 7 80 9 10\ncpu1 0 0 0 0 0 0 0 5 0 0\ncpu10 0 0 0 0 0 0 0 700 0 0\n';
  const one = stolenMilliseconds([1], stat);
  expect(one).toBeGreaterThan(0);
  expect([[], [0], [0, 1], [2]].map((cores) => stolenMilliseconds(cores, stat))).toEqual([0, 16 * one, 17 * one, 0]);
});

linux('a thread that has ended has started nothing', () => {
  expect(startedBy(`/proc/${process.pid}/task/0`)).toEqual([]);
});

linux('a process has its processor time, memory and children', async () => {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(createInterface({ input: child.stdout }), 'line');
    const pid = child.pid as number;
    const tree = processTree(pid);
    expect(tree).toHaveLength(2);
    expect(tree[0]).toBe(pid);
    expect(cpuMicroseconds(pid)).toBeGreaterThanOrEqual(190_000);
    expect(residentBytes(pid)).toBeGreaterThan(50e6);
  } finally {
    // Its own child ends with it, by the end of its input.
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

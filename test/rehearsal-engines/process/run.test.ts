import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { compiledFile } from '../../../rehearsal/src/process/compiled';
import { run } from '../../../rehearsal/src/process/run';

const node = process.execPath;
/** Prints the id of a grandchild that would live for ever. */
const FAMILY = `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
console.log(child.pid); setInterval(() => {}, 1000);`;

async function gone(pid: number): Promise<boolean> {
  const until = Date.now() + 10_000;
  while (Date.now() < until) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

describe('a program that is run', () => {
  it('gives its exit code, its output and its lines as they come', async () => {
    const lines: string[] = [];
    const script = 'console.log("out"); console.error("err"); process.exit(3)';
    const result = await run(node, ['-e', script], { timeoutSeconds: 30, onLine: (line) => lines.push(line) });
    expect(result).toMatchObject({ exitCode: 3, stdout: 'out\n' });
    expect(lines.sort()).toEqual(['err', 'out']);
  });

  it('fails when it takes longer than allowed, and takes its children with it', async () => {
    let pid = 0;
    const running = run(node, ['-e', FAMILY], { timeoutSeconds: 1, onLine: (line) => (pid = Number(line)) });
    await expect(running).rejects.toThrow('node -e');
    expect(await gone(pid)).toBe(true);
  });

  it('ends with its children when it is aborted', async () => {
    const controller = new AbortController();
    let pid = 0;
    const running = run(node, ['-e', FAMILY], {
      timeoutSeconds: 30,
      signal: controller.signal,
      onLine: (line) => {
        pid = Number(line);
        controller.abort();
      },
    });
    await expect(running).rejects.toThrow('was stopped');
    expect(await gone(pid)).toBe(true);
  });

  it('is killed at once with its children, which is a result and no error', async () => {
    const controller = new AbortController();
    let pid = 0;
    // It would go on at a SIGTERM.
    const deaf = `process.on('SIGTERM', () => {}); ${FAMILY}`;
    const { exitCode } = await run(node, ['-e', deaf], {
      timeoutSeconds: 30,
      kill: controller.signal,
      onLine: (line) => {
        pid = Number(line);
        controller.abort();
      },
    });
    expect(exitCode).toBe(128);
    expect(await gone(pid)).toBe(true);
  });

  it('ends with its children when the process that runs it is killed', async () => {
    const guard = compiledFile('process/guard.js');
    const script = `const { spawn } = require('node:child_process');
      spawn(process.execPath, [${JSON.stringify(guard)}, process.execPath, '-e', ${JSON.stringify(FAMILY)}], { stdio: ['pipe', 'inherit', 'inherit'] });`;
    const parent = spawn(node, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    parent.kill('SIGKILL');
    expect(await gone(Number(line))).toBe(true);
  });

  it('answers 127 when it does not exist', async () => {
    const result = await run('/no/such/program', [], { timeoutSeconds: 30 });
    expect(result).toMatchObject({ exitCode: 127, output: expect.stringContaining('ENOENT') });
  });
});

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { idleCheck, ON_INSTANCE, stopWhenIdle } from '../../../constructs/aws/ml/stop-when-idle';

/** Itself, and no shim in front of it, which would put other programs before those of PATH. */
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const ARN = 'arn:aws:sagemaker:eu-central-1:111122223333:notebook-instance/shop-prod';
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString().replace('Z', '000Z');
const kernel = (last_activity: string, execution_state = 'idle') => ({ id: '1', last_activity, execution_state });
const terminal = (last_activity: string) => ({ name: '1', last_activity });

interface Jupyter {
  kernels?: object[];
  terminals?: object[];
  status?: number;
}

describe('the check of a notebook instance that may be idle', () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'idle-'));
    await writeFile(join(folder, 'metadata.json'), JSON.stringify({ ResourceName: 'shop-prod', ResourceArn: ARN }));
    // AWS' command line, as far as it is asked.
    await writeFile(join(folder, 'aws'), `#!/bin/sh\necho "$@" >> ${join(folder, 'calls')}\n`);
    await chmod(join(folder, 'aws'), 0o755);
  });
  afterEach(async () => {
    server?.close();
    server = undefined;
    await rm(folder, { recursive: true });
  });

  async function listening({ kernels = [], terminals = [], status = 200 }: Jupyter): Promise<string> {
    server = createServer((request, response) => {
      response.statusCode = status;
      response.end(JSON.stringify(request.url === '/api/kernels' ? kernels : terminals));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Runs it once on an instance that has been up for so long; answers how it ended, and what it asked AWS for. */
  async function look(jupyter: string, upMinutes = 600) {
    const [program, uptime] = ['check', 'uptime'].map((name) => join(folder, name)) as [string, string];
    await writeFile(uptime, `${upMinutes * 60}.00 1.00\n`);
    const metadata = join(folder, 'metadata.json');
    await writeFile(program, idleCheck({ idleMinutes: 60, jupyter, metadata, uptime }));
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
    const child = spawn(PYTHON, [program], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
    return { code, said, calls };
  }
  const STOPPED = 'sagemaker stop-notebook-instance --region eu-central-1 --notebook-instance-name shop-prod\n';

  it.each<[string, Jupyter]>([
    ['nothing was ever opened', {}],
    ['kernels are long idle', { kernels: [kernel(minutesAgo(61)), kernel(minutesAgo(300))] }],
    ['a terminal is long idle, too', { kernels: [kernel(minutesAgo(90))], terminals: [terminal(minutesAgo(61))] }],
  ])('stops it when %s', async (_, jupyter) => {
    expect(await look(await listening(jupyter))).toEqual({ code: 0, said: '', calls: STOPPED });
  });

  it.each<[string, Jupyter, number]>([
    ['a kernel works, however long', { kernels: [kernel(minutesAgo(300), 'busy')] }, 600],
    ['one of several kernels was used', { kernels: [kernel(minutesAgo(300)), kernel(minutesAgo(59))] }, 600],
    ['a terminal was used', { kernels: [kernel(minutesAgo(300))], terminals: [terminal(minutesAgo(1))] }, 600],
    ['it has just been started', {}, 30],
  ])('leaves it when %s', async (_, jupyter, upMinutes) => {
    expect(await look(await listening(jupyter), upMinutes)).toEqual({ code: 0, said: '', calls: '' });
  });

  it('stops it when there is no Jupyter at all, once it has been up for so long', async () => {
    const url = await listening({});
    server?.close();
    expect((await look(url, 59)).calls).toBe('');
    expect((await look(url, 61)).calls).toBe(STOPPED);
  });

  it('leaves it, and says so, when Jupyter does not tell', async () => {
    const { code, said, calls } = await look(await listening({ status: 403 }));
    expect([code, calls]).toEqual([1, '']);
    expect(said).toBe('Jupyter answers 403: it is not known whether anybody works\n');
  });
});

describe('the script of each start', () => {
  const script = stopWhenIdle({ idleMinutes: 60, ...ON_INSTANCE });

  it('is one that bash reads, with a program that Python reads', () => {
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    const compiled = spawnSync(
      'python3',
      ['-c', 'import ast, sys; ast.parse(sys.stdin.read(), feature_version=(3, 7))'],
      {
        input: idleCheck({ idleMinutes: 60, ...ON_INSTANCE }),
        encoding: 'utf8',
      },
    );
    expect(compiled).toMatchObject({ status: 0, stderr: '' });
  });

  it('has the check made every five minutes, and is over at once', () => {
    expect(script).toMatch(/^systemd-run .*--on-active=5min --on-unit-active=5min \/usr\/local\/bin\/stop-when-idle$/m);
  });
});

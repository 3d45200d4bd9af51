import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DockerfileParser } from 'dockerfile-ast';
import { post, publish, request, Workbench } from '../model-server/fixtures';
import { carryOut, type Image } from './dockerfile-steps';

const repository = join(__dirname, '../..');
const dockerfile = join(repository, 'model-server/Dockerfile');

describe("the model server's image", () => {
  const bench = new Workbench();
  let image: Image;
  let seeded: string;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    const directory = await bench.directory();
    // The image's user has to get at its files.
    chmodSync(directory, 0o755);
    const [context, scratch] = ['context', 'scratch'].map((name) => join(directory, name)) as [string, string];
    await mkdir(scratch);
    for (const path of allowedIntoContext()) {
      if (path !== 'seed') cpSync(join(repository, path), join(context, path), { recursive: true });
    }
    seeded = await publish(join(context, 'seed'));
    image = carryOut({ dockerfile, context, scratch });
  }, 300_000);
  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    await bench.cleanUp();
  });

  /** `.dockerignore` shuts everything out, and lets in what it names. */
  function allowedIntoContext(): string[] {
    const lines = readFileSync(join(repository, '.dockerignore'), 'utf8').split('\n');
    const [first, ...rest] = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    return rest.map((line) => {
      expect(line).toMatch(/^![\w./-]+$/);
      return line.slice(1);
    });
  }

  /** A program of the image, as the image's user (or as we are, when we are nobody in particular). */
  function start(command: string[], environment: Record<string, string> = {}): ChildProcess {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const [user, group] = (image.user as string).split(':');
    const asUser = ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--no-new-privs'];
    const [program = '', ...args] = process.getuid?.() === 0 ? [...asUser, ...command] : command;
    const child = spawn(program, args, {
      cwd: join(image.root, image.workdir),
      env: { PATH: process.env.PATH ?? '', ...image.environment, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    started.push(child);
    return child;
  }

  it('takes every base image by digest', () => {
    const parsed = DockerfileParser.parse(readFileSync(dockerfile, 'utf8'));
    expect(parsed.getInitialARGs().map((argument) => argument.getRawArgumentsContent())).toEqual([
      expect.stringMatching(/^NODE_DIGEST=sha256:[0-9a-f]{64}$/),
    ]);
    const bases = parsed.getFROMs().map((from) => from.getImage());
    const stages = parsed.getFROMs().map((from) => from.getBuildStage());
    expect(bases.filter((base) => !stages.includes(base))).toEqual(
      Array(2).fill(`node:24-bookworm-slim@\${NODE_DIGEST}`),
    );
  });

  it("holds only this platform's ONNX library, and nothing that only builds or tests", () => {
    const modules = join(image.root, 'app/node_modules');
    const libraries = readdirSync(join(modules, 'onnxruntime-node/bin/napi-v6'), { recursive: true })
      .map(String)
      .filter((path) => /\.(node|dll|dylib|so)/.test(path));
    expect(libraries).not.toEqual([]);
    expect(libraries.filter((path) => !path.startsWith(`linux/${process.arch}/`))).toEqual([]);
    for (const name of ['typescript', 'cdktf', 'jest', '@types', '@biomejs']) {
      expect([name, existsSync(join(modules, name))]).toEqual([name, false]);
    }
    const size = (path: string) =>
      execFileSync('du', ['-sm', join(image.root, path)], { encoding: 'utf8' }).split('\t')[0];
    console.log(
      `over its base: ${size('app')} MB, of it ${size('app/node_modules')} MB modules, ${size('app/seed')} MB seed`,
    );
    expect(Number(size('app/node_modules'))).toBeLessThan(200);
  });

  it('answers from its seed, as an unprivileged user, while the store is empty', async () => {
    const child = start([...image.entryPoint, ...image.command], {
      RECOMMENDER_HOST: '127.0.0.1',
      RECOMMENDER_PORT: '0',
      RECOMMENDER_MODEL: 'test',
      RECOMMENDER_CONSOLE: 'true',
      RECOMMENDER_DRAIN_SECONDS: '0',
    });
    const exited = once(child, 'exit');
    let url = '';
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const entry = JSON.parse(line);
      url ||= entry.url ?? '';
      if (entry.msg === 'model version serves') break;
    }
    expect((await request(`${url}/readyz`)).body).toEqual({ status: 'ok', modelVersion: seeded });
    expect((await request(`${url}/v1/model`)).body.source).toBe('seed');
    const { status, body } = await post(`${url}/v1/recommendations`, { items: ['item-0'], limit: 1 });
    expect([status, body.rung, body.items[0].id]).toEqual([200, 'session', 'item-1']);
    expect((await request(`${url}/`)).status).toBe(200);
    if (process.getuid?.() === 0) {
      expect(readFileSync(`/proc/${child.pid}/status`, 'utf8')).toMatch(/^Uid:\t10001\t10001\t/m);
    }
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('serves as SageMaker starts it: by serve, on the port that it names, at /ping and /invocations', async () => {
    expect(image.command).toEqual(['serve']);
    const child = start([...image.entryPoint, 'serve'], {
      RECOMMENDER_HOST: '127.0.0.1',
      RECOMMENDER_MODEL: 'test',
      RECOMMENDER_DRAIN_SECONDS: '0',
      SAGEMAKER_BIND_TO_PORT: '0',
    });
    const exited = once(child, 'exit');
    let url = '';
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const entry = JSON.parse(line);
      url ||= entry.url ?? '';
      if (entry.msg === 'model version serves') break;
    }
    expect((await request(`${url}/ping`)).status).toBe(200);
    const { status, body } = await post(`${url}/invocations`, { items: ['item-0'], limit: 1 });
    expect([status, body.items[0].id]).toEqual([200, 'item-1']);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('refuses what it is not started with, in one line', async () => {
    const child = start([...image.entryPoint, 'train']);
    expect(await once(child, 'exit')).toEqual([2, null]);
  });

  it('carries the sync program where the sync job looks for it', async () => {
    const program = 'node_modules/@cdktf-recommender/model-registry/dist/sync-main.js';
    expect(await once(start(['node', program, '--help']), 'exit')).toEqual([0, null]);
  });

  it('carries the follower where its Deployment looks for it', async () => {
    expect(await once(start(['node', 'model-follower/dist/main.js', '--help']), 'exit')).toEqual([0, null]);
  });
});

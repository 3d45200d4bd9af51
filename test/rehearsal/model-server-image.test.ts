import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { post, publish, request, Workbench } from '../model-server/fixtures';
import type { Image } from './dockerfile-steps';
import { buildImage, expectRuntimeOnly, megabytes, nodeDigestOf } from './image';

const DOCKERFILE = 'model-server/Dockerfile';

describe("the model server's image", () => {
  const bench = new Workbench();
  let image: Image;
  let seeded: string;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    image = await buildImage({
      dockerfile: DOCKERFILE,
      ignoreFile: '.dockerignore',
      directory: await bench.directory(),
      made: {
        seed: async (folder) => {
          seeded = await publish(folder);
        },
      },
    });
  }, 300_000);
  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    await bench.cleanUp();
  });

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

  /** Where it listens, once a model version serves. */
  async function served(child: ChildProcess): Promise<string> {
    let url = '';
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const entry = JSON.parse(line);
      url ||= entry.url ?? '';
      if (entry.msg === 'model version serves') break;
    }
    return url;
  }

  it('takes every base image by digest', () => {
    expect(nodeDigestOf(DOCKERFILE)).toMatch(/^sha256:/);
  });

  it("holds only this platform's ONNX library, and nothing that only builds or tests", () => {
    expectRuntimeOnly(image);
    const [app, modules, seed] = ['app', 'app/node_modules', 'app/seed'].map((path) => megabytes(image, path));
    console.log(`over its base: ${app} MB, of it ${modules} MB modules, ${seed} MB seed`);
    expect(modules).toBeLessThan(200);
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
    const url = await served(child);
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
    const url = await served(child);
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

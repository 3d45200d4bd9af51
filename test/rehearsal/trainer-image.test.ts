import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openModelRegistry } from '../../model-registry/src/index';
import { Workbench } from '../model-server/fixtures';
import { transactions } from '../trainer/shop-file';
import type { Image } from './dockerfile-steps';
import { buildImage, nodeDigestOf } from './image';

const DOCKERFILE = 'trainer/Dockerfile';

describe("the trainer's image", () => {
  const bench = new Workbench();
  let image: Image;

  beforeAll(async () => {
    image = await buildImage({ dockerfile: DOCKERFILE, directory: await bench.directory() });
  }, 600_000);
  afterAll(() => bench.cleanUp());

  /** As SageMaker starts it, but for where it mounts what a job is given. */
  async function run(root: string): Promise<number | null> {
    const [program = '', ...args] = [...image.entryPoint, ...image.command, '--root', root];
    const child = spawn(program, args, {
      cwd: join(image.root, image.workdir),
      env: { PATH: process.env.PATH ?? '', ...image.environment, TRAINING_JOB_NAME: 'shop-prod-training-1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = await once(child, 'exit');
    return code;
  }

  it("takes the model server's base image, by digest", () => {
    expect(nodeDigestOf(DOCKERFILE)).toBe(nodeDigestOf('model-server/Dockerfile'));
  });

  it("holds only this platform's ONNX library, and nothing that only builds or serves", () => {
    const modules = join(image.root, 'app/node_modules');
    const platforms = readdirSync(join(modules, 'onnxruntime-node/bin/napi-v6/linux'));
    expect(platforms).toEqual([process.arch]);
    for (const name of ['typescript', 'cdktf', 'express', '@types']) {
      expect([name, existsSync(join(modules, name))]).toEqual([name, false]);
    }
  });

  it('trains what it is given into a model store of one version', async () => {
    const root = await bench.directory();
    mkdirSync(join(root, 'input/data/purchases'), { recursive: true });
    mkdirSync(join(root, 'input/config'));
    writeFileSync(join(root, 'input/data/purchases/shop.csv'), transactions(7));
    const hyperparameters = { model: 'shop', cut: '2011-06-01', lambda: '100' };
    writeFileSync(join(root, 'input/config/hyperparameters.json'), JSON.stringify(hyperparameters));
    expect(await run(root)).toBe(0);
    const registry = await openModelRegistry(join(root, 'model'), 'shop');
    expect(await registry.versions()).toHaveLength(1);
    expect((await registry.runs())[0]?.id).toBe('shop-prod-training-1');
  }, 120_000);

  it('says why it could not', async () => {
    const root = await bench.directory();
    expect(await run(root)).toBe(1);
    expect(readFileSync(join(root, 'output/failure'), 'utf8')).toMatch(/has no file; the channel purchases must bring/);
  }, 120_000);
});

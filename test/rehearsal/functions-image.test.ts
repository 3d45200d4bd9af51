import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { RuntimeApi } from '../../rehearsal/src/functions/runtime-api';
import { publish, Workbench } from '../model-server/fixtures';
import type { Image } from './dockerfile-steps';
import { buildImage, expectRuntimeOnly, megabytes, nodeDigestOf } from './image';

const DOCKERFILE = 'aws-functions/Dockerfile';

describe("the functions' image", () => {
  const bench = new Workbench();
  let image: Image;

  beforeAll(async () => {
    image = await buildImage({ dockerfile: DOCKERFILE, directory: await bench.directory() });
  }, 600_000);
  afterAll(() => bench.cleanUp());

  /** The entry point with a command, by a runtime API, as Lambda starts it; answers what it says to one event. */
  async function ask(command: string[], environment: Record<string, string>, event: unknown) {
    const api = await RuntimeApi.start('arn:aws:lambda:us-east-1:123456789012:function:test');
    const [program = '', ...args] = [...image.entryPoint, ...command];
    const child = spawn(program, args, {
      cwd: join(image.root, image.workdir),
      env: {
        PATH: process.env.PATH ?? '',
        ...image.environment,
        AWS_LAMBDA_RUNTIME_API: api.address,
        AWS_REGION: 'us-east-1',
        ...environment,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const exited = once(child, 'exit');
    try {
      return await api.invoke(event, Date.now() + 60_000);
    } finally {
      child.kill('SIGKILL');
      await exited;
      api.close();
    }
  }

  it("takes the model server's base image, by digest", () => {
    expect(nodeDigestOf(DOCKERFILE)).toBe(nodeDigestOf('model-server/Dockerfile'));
  });

  it("holds only this platform's ONNX library, and nothing that only builds or tests", () => {
    expectRuntimeOnly(image);
    const size = megabytes(image, 'app');
    console.log(`over its base: ${size} MB`);
    expect(size).toBeLessThan(250);
  });

  it('answers an event of an HTTP API', async () => {
    const config = await bench.config();
    const version = await publish(config.store);
    const { store, users, modelCache, model } = config;
    const environment = { STORE: store, USERS: users, MODEL_CACHE: modelCache, MODEL: model };
    const settings = Object.entries(environment).map(([name, value]) => [`RECOMMENDER_${name}`, value]);
    const { failed, payload } = await ask(image.command, Object.fromEntries(settings), {
      version: '2.0',
      rawPath: '/v1/items/item-0/similar',
      requestContext: { http: { method: 'GET', sourceIp: '203.0.113.7' } },
    });
    expect([failed, payload]).toEqual([false, expect.objectContaining({ statusCode: 200 })]);
    expect((payload as { headers: Record<string, string> }).headers['x-model-version']).toBe(version);
  }, 120_000);

  it('is a stage of a retraining by another command', async () => {
    const environment = {
      FUNCTIONS_DATA_BUCKET: 'shop',
      FUNCTIONS_MODEL_STORE: await bench.directory(),
      FUNCTIONS_MODEL: 'test',
      FUNCTIONS_RUN_TABLE: 'runs',
      FUNCTIONS_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:shop',
      FUNCTIONS_SCRATCH: await bench.directory(),
    };
    const candidates = [
      { name: 'one', trained: true, ndcg: 0.1, version: 'v1' },
      { trained: false },
      { name: 'two', trained: true, ndcg: 0.2, version: 'v2' },
    ];
    expect(await ask(['choose'], environment, { runId: 'run-1', candidates })).toEqual({
      failed: false,
      payload: { name: 'two', ndcg: 0.2, version: 'v2', prefix: 'intermediate/run-1/candidates/two' },
    });
  }, 120_000);
});

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { RuntimeApi } from '../../rehearsal/src/functions/runtime-api';
import { publish, Workbench } from '../model-server/fixtures';
import { carryOut, type Image } from './dockerfile-steps';

const repository = join(__dirname, '../..');
const dockerfile = join(repository, 'aws-functions/Dockerfile');

describe("the functions' image", () => {
  const bench = new Workbench();
  let image: Image;

  beforeAll(async () => {
    const directory = await bench.directory();
    const [context, scratch] = ['context', 'scratch'].map((name) => join(directory, name)) as [string, string];
    mkdirSync(scratch);
    for (const path of allowedIntoContext()) cpSync(join(repository, path), join(context, path), { recursive: true });
    image = carryOut({ dockerfile, context, scratch });
  }, 600_000);
  afterAll(() => bench.cleanUp());

  /** Its own ignore file shuts everything out, and lets in what it names. */
  function allowedIntoContext(): string[] {
    const lines = readFileSync(`${dockerfile}.dockerignore`, 'utf8').split('\n');
    const [first, ...rest] = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    return rest.map((line) => line.slice(1));
  }

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
    const baseOf = (path: string) => /^ARG NODE_DIGEST=(sha256:[0-9a-f]{64})$/m.exec(readFileSync(path, 'utf8'))?.[1];
    expect(baseOf(dockerfile)).toBe(baseOf(join(repository, 'model-server/Dockerfile')));
    const parsed = DockerfileParser.parse(readFileSync(dockerfile, 'utf8'));
    const stages = parsed.getFROMs().map((from) => from.getBuildStage());
    const bases = parsed.getFROMs().map((from) => from.getImage());
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
    const megabytes = Number(execFileSync('du', ['-sm', join(image.root, 'app')], { encoding: 'utf8' }).split('\t')[0]);
    console.log(`over its base: ${megabytes} MB`);
    expect(megabytes).toBeLessThan(250);
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

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadServerConfig, ServerConfigError } from '../../model-server/src/config';
import { Workbench } from './fixtures';

describe('loadServerConfig', () => {
  const bench = new Workbench();
  afterEach(() => bench.cleanUp());

  async function file(content: unknown): Promise<string> {
    const path = join(await bench.directory(), 'server.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }
  function problems(environment: Record<string, string>): readonly string[] {
    try {
      loadServerConfig(environment);
    } catch (error) {
      if (error instanceof ServerConfigError) return error.problems;
    }
    throw new Error('the configuration was accepted');
  }

  it('needs nothing, and listens on this machine only', () => {
    const config = loadServerConfig({ PATH: '/bin', HOME: '/root' });
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8080, channel: 'production', deadlineMs: 80 });
    expect(config).toMatchObject({ batchSize: 64, pollSeconds: 10, usersCached: 10_000, staticItems: [] });
  });

  it('reads numbers and lists from the environment', () => {
    const config = loadServerConfig({ RECOMMENDER_PORT: '0', RECOMMENDER_STATIC_ITEMS: '85123A, 22423' });
    expect([config.port, config.staticItems]).toEqual([0, ['85123A', '22423']]);
  });

  it('reads a file, and the environment wins', async () => {
    const path = await file({ port: 9000, pollSeconds: 60, staticItems: ['a,b'] });
    const config = loadServerConfig({ RECOMMENDER_CONFIG: path, RECOMMENDER_PORT: '9001' });
    expect(config).toMatchObject({ port: 9001, pollSeconds: 60, staticItems: ['a,b'] });
  });

  it('reads what has a password from a file, which wins over what an image sets', async () => {
    const path = await file('rediss://shop:s3cret@cache.example.com:6379\n');
    const config = loadServerConfig({ RECOMMENDER_USERS: '/var/lib/recommender/users', RECOMMENDER_USERS_FILE: path });
    expect(config.users).toBe('rediss://shop:s3cret@cache.example.com:6379');
  });

  it('fails when such a file is not there, or has what is no Redis, and shows no login', async () => {
    expect(problems({ RECOMMENDER_RATE_LIMIT_REDIS_FILE: '/nowhere' })).toEqual([
      expect.stringMatching(/^RECOMMENDER_RATE_LIMIT_REDIS_FILE: can't read \/nowhere: ENOENT/),
    ]);
    const path = await file('rediss://shop:s3cret@cache.example.com:6379/shop');
    const [problem] = problems({ RECOMMENDER_RESULT_CACHE_FILE: path });
    expect(problem).toContain(
      `RECOMMENDER_RESULT_CACHE_FILE: ${path}: got "rediss://…@cache.example.com:6379/shop"; must be`,
    );
    expect(problem).not.toContain('s3cret');
  });

  it('fails with every problem at once, each naming where the value came from', async () => {
    const path = await file({ prot: 1, deadlineMs: 0, model: 'Big Model' });
    expect(
      problems({
        RECOMMENDER_CONFIG: path,
        RECOMMENDER_PORT: '99999',
        RECOMMENDER_VERSION: 'v1',
        RECOMMENDER_POTR: '1',
        RECOMMENDER_STORE: '',
        RECOMMENDER_LOG_LEVEL: 'loud',
      }),
    ).toEqual([
      expect.stringMatching(/^RECOMMENDER_POTR: unknown variable; there are RECOMMENDER_HOST, RECOMMENDER_PORT/),
      'RECOMMENDER_PORT: got 99999; must be a whole number from 0 to 65535',
      'RECOMMENDER_STORE: got ""; must not be empty',
      `${path}: model: got "Big Model"; must be a model name: 1 to 63 lowercase letters, digits and hyphens`,
      'RECOMMENDER_VERSION: got "v1"; must be 64 lowercase hex digits (a SHA-256), or seed',
      `${path}: deadlineMs: got 0; must be a whole number from 1 to 60000`,
      'RECOMMENDER_LOG_LEVEL: got "loud"; must be one of trace, debug, info, warn, error, fatal, silent',
      expect.stringMatching(/: unknown setting "prot"; there are host, port, /),
    ]);
  });

  it('fails when the seed is pinned and there is none', () => {
    expect(problems({ RECOMMENDER_VERSION: 'seed' })).toEqual([
      'RECOMMENDER_VERSION: got "seed"; it needs seed (RECOMMENDER_SEED), a store',
    ]);
    expect(loadServerConfig({ RECOMMENDER_VERSION: 'seed', RECOMMENDER_SEED: '/app/seed' }).version).toBe('seed');
  });

  it('listens on the port that SageMaker names, whatever else is said of it', () => {
    expect(loadServerConfig({ SAGEMAKER_BIND_TO_PORT: '9001' }).port).toBe(9001);
    expect(loadServerConfig({ RECOMMENDER_PORT: '8080', SAGEMAKER_BIND_TO_PORT: '9001' }).port).toBe(9001);
    expect(problems({ SAGEMAKER_BIND_TO_PORT: 'http' })).toEqual([
      'SAGEMAKER_BIND_TO_PORT: got "http"; must be a whole number from 0 to 65535',
    ]);
  });

  it('fails when the file is missing, is not JSON, or is not an object', async () => {
    expect(problems({ RECOMMENDER_CONFIG: '/nowhere.json' })[0]).toMatch(/can't read \/nowhere.json as JSON: ENOENT/);
    expect(problems({ RECOMMENDER_CONFIG: await file('{') })[0]).toMatch(/can't read .*server.json as JSON: /);
    expect(problems({ RECOMMENDER_CONFIG: await file([]) })[0]).toMatch(/must hold a JSON object/);
  });
});

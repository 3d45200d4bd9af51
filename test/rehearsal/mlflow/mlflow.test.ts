import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { mlflowServerArgs, mlflowServerEnvironment } from '../../../constructs/kubernetes/mlops/mlflow-command';
import { compiledFile } from '../../../rehearsal/src/process/compiled';
import { freePort } from '../../../rehearsal/src/process/free-port';
import { run } from '../../../rehearsal/src/process/run';
import { type Service, startService } from '../../../rehearsal/src/process/service';
import { pythonEnvironment } from '../../../rehearsal/src/toolchain/python-environment';

const SERVICE = { serviceName: 'mlflow', namespaceName: 'recommender' };

describe('MLflow, as the construct starts it, on loopback', () => {
  let folder: string;
  let python: string;
  let port: number;
  let server: Service<true>;
  beforeAll(async () => {
    python = await pythonEnvironment({
      name: 'mlflow',
      title: 'MLflow',
      requirements: join(__dirname, 'requirements.txt'),
      onProgress: (line) => console.error(line),
    });
    folder = await mkdtemp(join(tmpdir(), 'mlflow-'));
    port = await freePort();
    const database = `sqlite:///${join(folder, 'mlflow.db')}`;
    const upgraded = await run(python, ['-m', 'mlflow', 'db', 'upgrade', database], { timeoutSeconds: 120 });
    expect(upgraded.exitCode).toBe(0);
    const artifactsUrl = pathToFileURL(join(folder, 'artifacts')).href;
    const args = mlflowServerArgs({ ...SERVICE, artifactsUrl }).map((argument) =>
      argument.replace(/^--host=.*/, '--host=127.0.0.1').replace(/^--port=.*/, `--port=${port}`),
    );
    server = await startService({
      title: 'MLflow',
      command: process.execPath,
      args: [compiledFile('process/guard.js'), python, '-m', 'mlflow', ...args],
      env: {
        ...process.env,
        ...mlflowServerEnvironment(),
        HOME: folder,
        MLFLOW_BACKEND_STORE_URI: database,
        PYTHONDONTWRITEBYTECODE: '1',
      },
      probe: async () => ((await status('localhost', '/health').catch(() => 0)) === 200 ? true : undefined),
      startSeconds: 120,
    });
  }, 900_000);
  afterAll(async () => {
    await server?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  /** Status that it answers under a host name. */
  const status = (host: string, path = '/api/2.0/mlflow/experiments/search?max_results=1') =>
    new Promise<number | undefined>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });

  it('keeps a run, its artifact and a registered model', async () => {
    const result = await run(python, [join(__dirname, 'log_run.py'), `http://localhost:${port}`], {
      timeoutSeconds: 120,
    });
    if (result.exitCode !== 0) throw new Error(result.output);
    const known = JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '');
    expect(known).toMatchObject({
      params: { algorithm: 'ease' },
      metrics: { ndcg_20: 0.1382 },
      artifacts: ['manifest.json'],
      // Through the server: a client needs no access to the store.
      artifactUri: expect.stringMatching(/^mlflow-artifacts:/),
    });
    expect(await readdir(join(folder, 'artifacts'), { recursive: true })).toContainEqual(
      expect.stringMatching(/manifest\.json$/),
    );
  }, 180_000);

  it.each(['mlflow', 'mlflow.recommender', 'mlflow.recommender.svc', 'localhost:5000'])(
    'answers as %s',
    async (host) => {
      expect(await status(host)).toBe(200);
    },
  );

  it('refuses another name, but for its health, which a kubelet asks by address', async () => {
    expect(await status('shop.example.com')).toBe(403);
    expect(await status('10.66.0.17:5000', '/health')).toBe(200);
  });
});

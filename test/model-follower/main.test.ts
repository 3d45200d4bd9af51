import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { freePort } from '@cdktf-recommender/rehearsal';
import { candidate, MODEL, temporaryDirectory } from '../model-registry/fixtures';
import { runSource, spawnSource } from '../model-registry/source-process';

const PROGRAM = 'model-follower/src/main.ts';

/** Credentials for an API server that nobody listens as. */
async function nobody(): Promise<{ kubeconfig: string; server: string }> {
  const server = `https://127.0.0.1:${await freePort()}`;
  const kubeconfig = join(temporaryDirectory(), 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'nobody', cluster: { server } }],
    users: [{ name: 'follower', user: { token: 'test' } }],
    contexts: [{ name: 'nobody', context: { cluster: 'nobody', user: 'follower' } }],
    'current-context': 'nobody',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  return { kubeconfig, server };
}

test('fails with every wrong setting, and exits with 2', async () => {
  const run = await runSource(PROGRAM, [], { FOLLOWER_CLUSTER: 'eu', FOLLOWER_POLL_SECONDS: 'often' });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toBe(
    "the model follower's configuration is not valid:\n" +
      '  FOLLOWER_STORE: missing\n' +
      '  FOLLOWER_POLL_SECONDS: got "often"; must be a whole number from 1 to 3600\n',
  );
});

test('fails with a store of an unknown kind, and exits with 2', async () => {
  const run = await runSource(PROGRAM, [], { FOLLOWER_CLUSTER: 'eu', FOLLOWER_STORE: 'ftp://a' });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(/^error: the store URL "ftp:\/\/a" has the scheme .*\nhint: Use a directory/);
});

test('says what it is told by, and exits with 0', async () => {
  const run = await runSource(PROGRAM, ['--help']);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toMatch(/^ {2}FOLLOWER_POLL_SECONDS +seconds between two looks at the channel \(default 10\)$/m);
});

test('lives while the API server is away, tells of no rollout, and ends by SIGTERM', async () => {
  const directory = temporaryDirectory();
  const registry = await openModelRegistry(directory, MODEL);
  await registry.promote('production', await registry.register(candidate(1)), { by: 'ann' });
  const { kubeconfig, server } = await nobody();
  const child = spawnSource(PROGRAM, [], {
    KUBECONFIG: kubeconfig,
    FOLLOWER_STORE: directory,
    FOLLOWER_MODEL: MODEL,
    FOLLOWER_CLUSTER: 'eu',
    FOLLOWER_PORT: '0',
  });
  const exited = once(child, 'exit');
  let port = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line);
    if (entry.msg === 'follows') port = entry.port;
    if (entry.level < 50) continue;
    expect(entry.msg).toContain(`look failed: can't read ConfigMap recommender/model-server-version at ${server}: `);
    expect(entry.msg).toContain('ECONNREFUSED');
    break;
  }
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  expect([await status('/livez'), await status('/readyz')]).toEqual([200, 503]);
  expect(await registry.rollouts.get('production', 'eu')).toBeUndefined();
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

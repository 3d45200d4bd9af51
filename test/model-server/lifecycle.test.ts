import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openModelRegistry } from '../../model-registry/src/index';
import { startServer } from '../../model-server/src/server';
import { CHANNEL, MODEL, post, publish, request, silent, Workbench } from './fixtures';
import { slowVersion } from './models/slow-version';

/** As `tsc -b` compiled it. */
const MAIN = join(__dirname, '../../model-server/dist/main.js');

describe('the life of a server', () => {
  const bench = new Workbench();
  afterEach(() => bench.cleanUp());

  const health = async (url: string) => {
    const paths = ['/livez', '/startupz', '/readyz'];
    return Promise.all(paths.map(async (path) => (await request(`${url}${path}`)).status));
  };

  it('lives but has not started and is not ready without a model, and is all three with one', async () => {
    const config = await bench.config();
    const { url, models } = await bench.server(config);
    expect(await health(url)).toEqual([200, 503, 503]);
    expect((await request(`${url}/readyz`)).body.detail).toMatch(/no model store at/);
    await publish(config.store);
    await models.look();
    expect(await health(url)).toEqual([200, 200, 200]);
  });

  it('is live and started but not ready while it drains, and still answers', async () => {
    const config = await bench.config({ drainSeconds: 60 });
    await publish(config.store);
    const server = await bench.server(config);
    const closed = server.close();
    expect(await health(server.url)).toEqual([200, 200, 503]);
    expect((await request(`${server.url}/readyz`)).body.detail).toMatch(/^draining/);
    expect((await request(`${server.url}/metrics`)).body).toMatch(/^recommender_ready 0$/m);
    const answer = await request(`${server.url}/v1/users/ann/recommendations`);
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    await server.close();
    await closed;
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });

  it('closes idle keep-alive connections when it shuts down', async () => {
    const config = await bench.config({ shutdownSeconds: 600 });
    await publish(config.store);
    const server = await bench.server(config);
    const agent = new Agent({ keepAlive: true });
    const response = await new Promise<IncomingMessage>((resolve) => get(`${server.url}/livez`, { agent }, resolve));
    const { socket } = response;
    response.resume();
    await once(response, 'end');
    expect(socket.destroyed).toBe(false);
    const closed = once(socket, 'close');
    await server.close();
    await closed;
  });

  it('closes connections that never asked anything, as browsers open them ahead, when it shuts down', async () => {
    const config = await bench.config({ shutdownSeconds: 600 });
    const server = await bench.server(config);
    const silentSocket = connect(server.port, '127.0.0.1');
    const closed = once(silentSocket, 'close');
    await once(silentSocket, 'connect');
    // The server has accepted the one before it answers the next.
    await request(`${server.url}/livez`);
    await server.close();
    await closed;
  });

  it('cuts off what is still open after shutdownSeconds', async () => {
    const server = await bench.server(await bench.config({ shutdownSeconds: 1 }));
    const slow = fetch(`${server.url}/v1/recommendations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      // A body that never ends.
      body: new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from('{')) }),
      duplex: 'half',
    } as RequestInit);
    const cut = expect(slow).rejects.toThrow('fetch failed');
    await request(`${server.url}/livez`);
    await server.close();
    await cut;
  });

  it('waits no longer than shutdownSeconds for a model store that does not answer', async () => {
    const config = await bench.config({ shutdownSeconds: 1 });
    await publish(config.store);
    const server = await bench.server(config);
    const channel = join(config.store, 'test/channels/production.json');
    await rm(channel);
    // Whoever reads it waits for somebody who writes.
    execFileSync('mkfifo', [channel]);
    const looked = server.models.look();
    await server.close();
    await writeFile(channel, '{}');
    await looked;
  });

  it('fails to start when the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await expect(startServer(await bench.config({ port }), silent)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    taken.close();
  });

  describe('as a process', () => {
    const started: ChildProcess[] = [];
    afterEach(() => {
      for (const child of started.splice(0)) child.kill('SIGKILL');
    });

    function start(environment: Record<string, string>) {
      const child = spawn(process.execPath, [MAIN], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
      started.push(child);
      return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
    }

    /** The next entry of the log with this message. */
    async function logged(lines: AsyncIterator<string>, message: string): Promise<Record<string, unknown>> {
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        const entry = JSON.parse(line.value);
        if (entry.msg === message) return entry;
      }
      throw new Error(`it ended without saying "${message}"`);
    }

    it.each(['SIGTERM', 'SIGINT'] as const)('serves by its environment and ends cleanly on %s', async (signal) => {
      const { store, users } = await bench.config();
      const version = await publish(store);
      const { child, lines } = start({
        RECOMMENDER_STORE: store,
        RECOMMENDER_MODEL: 'test',
        RECOMMENDER_USERS: users,
        RECOMMENDER_PORT: '0',
        // Only SIGTERM waits for load balancers.
        RECOMMENDER_DRAIN_SECONDS: signal === 'SIGTERM' ? '0' : '300',
      });
      const exited = once(child, 'exit');
      const { url } = await logged(lines, 'listening');
      await logged(lines, 'model version serves');
      const { body } = await request(`${url}/v1/users/ann/recommendations`);
      expect([body.modelVersion, body.fallback]).toEqual([version, 'unknown-user']);
      const entry = await logged(lines, 'request');
      expect(entry).toMatchObject({ modelVersion: version, rung: 'popular', status: 200 });
      expect(JSON.stringify(entry)).not.toContain('ann/');
      child.kill(signal);
      expect(await exited).toEqual([0, null]);
    });

    it('ends cleanly on SIGTERM while it still waits for its model store', async () => {
      // A store that takes the connection and never answers.
      const store = createServer().listen(0, '127.0.0.1');
      await once(store, 'listening');
      const { child, lines } = start({
        RECOMMENDER_STORE: 's3://bucket/prefix',
        AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(store.address() as AddressInfo).port}`,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        RECOMMENDER_PORT: '0',
      });
      const exited = once(child, 'exit');
      const asked = once(store, 'connection');
      await logged(lines, 'listening');
      const [socket] = await asked;
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
      socket.destroy();
      store.close();
    });

    it('ends on SIGTERM within shutdownSeconds while a model run does not end', async () => {
      const { store, users } = await bench.config();
      const registry = await openModelRegistry(store, MODEL);
      // Half a minute and more, for more answers than the warm-up asks for.
      const version = await registry.register(slowVersion({ turns: 30_000_000, fromLimit: 50 }));
      await registry.promote(CHANNEL, version, { by: 'test' });
      const { child, lines } = start({
        RECOMMENDER_STORE: store,
        RECOMMENDER_MODEL: MODEL,
        RECOMMENDER_USERS: users,
        RECOMMENDER_PORT: '0',
        RECOMMENDER_DRAIN_SECONDS: '0',
        RECOMMENDER_SHUTDOWN_SECONDS: '1',
      });
      const exited = once(child, 'exit');
      const { url } = await logged(lines, 'listening');
      await logged(lines, 'model version serves');
      const { body } = await post(`${url}/v1/recommendations`, { items: ['item-0'], limit: 100 });
      expect(body.fallback).toBe('model-deadline');
      const started = performance.now();
      child.kill('SIGTERM');
      await logged(lines, 'shut down');
      expect(await exited).toEqual([null, 'SIGKILL']);
      expect(performance.now() - started).toBeLessThan(10_000);
    }, 30_000);

    it('names everything wrong with its configuration and exits with 2', async () => {
      const { child } = start({ RECOMMENDER_PORT: 'http', RECOMMENDER_STOER: 'x', PATH: process.env.PATH ?? '' });
      let error = '';
      child.stderr.on('data', (data) => {
        error += data;
      });
      expect(await once(child, 'exit')).toEqual([2, null]);
      expect(error).toMatch(/RECOMMENDER_PORT: got "http"; must be a whole number from 0 to 65535/);
      expect(error).toMatch(/RECOMMENDER_STOER: unknown variable; there are RECOMMENDER_HOST, /);
      expect(error).not.toMatch(/ at .*\.js/);
    });

    it('says in one line that the port is taken and exits with 1', async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const { child } = start({ RECOMMENDER_PORT: String((taken.address() as AddressInfo).port) });
      const error = once(child.stderr, 'data');
      expect(await once(child, 'exit')).toEqual([1, null]);
      taken.close();
      expect(String(await error)).toMatch(/^listen EADDRINUSE.*\n$/);
    });
  });
});

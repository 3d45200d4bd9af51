import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchServer, type ServerName, startServer } from '../../bench/servers';
import { createModelStore, createWorkload, recommendationsPath, type Workload } from '../../bench/workload';

const CUSTOMERS = [0, 3, 199];
let folder: string;
let workload: Workload;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-peers-'));
  await createModelStore(folder);
  workload = await createWorkload(folder, 'short');
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Answer {
  readonly modelVersion?: string;
  readonly items: readonly { readonly score: number }[];
}

async function answers(name: ServerName): Promise<Answer[]> {
  const server: BenchServer = await startServer({ name, workload, cores: [availableParallelism() - 1] });
  try {
    const prefix = name === 'fastapi-threads' ? '/threads' : '';
    return await Promise.all(
      CUSTOMERS.map(async (user) => {
        const url = `http://127.0.0.1:${server.port}${prefix}${recommendationsPath(user)}`;
        const { modelVersion: _, ...body } = (await (await fetch(url)).json()) as Answer;
        return body;
      }),
    );
  } finally {
    await server.stop();
  }
}

test('all servers of the benchmark answer the same customers by the same items, names and scores', async () => {
  const ours = await answers('ours');
  expect(ours).toHaveLength(CUSTOMERS.length);
  expect(ours[0]).toMatchObject({ user: '0', rung: 'personal', fallback: null, items: { length: 20 } });
  // A score half-way between two decimals is rounded up by one language, and to the even one by another.
  const same = ours.map((answer) => ({
    ...answer,
    items: answer.items.map((item) => ({ ...item, score: expect.closeTo(item.score, 5) })),
  }));
  for (const peer of ['express', 'fastapi', 'fastapi-threads'] as const) {
    expect({ peer, answers: await answers(peer) }).toEqual({ peer, answers: same });
  }
}, 600_000);

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningServer } from '../../../model-server/src/server';
import { run } from '../../../rehearsal/src/process/run';
import { type Service, startService } from '../../../rehearsal/src/process/service';
import { post, publish, request, Workbench } from '../../model-server/fixtures';
import { describeWithPython, PYTHON } from './python';

interface Original {
  readonly rows: number[][];
  readonly labels: (number | string)[];
  readonly probabilities: number[][];
  readonly accuracy: number;
}
type Predictions = Pick<Original, 'labels' | 'probabilities'>;

/** How far apart two sets of probabilities are where they differ most. */
function distance(a: Predictions, b: Predictions): number {
  expect(a.probabilities.map((row) => row.length)).toEqual(b.probabilities.map((row) => row.length));
  const apart = a.probabilities.flatMap((row, i) =>
    row.map((p, j) => Math.abs(p - (b.probabilities[i]?.[j] as number))),
  );
  return Math.max(...apart);
}

describeWithPython('models trained by scikit-learn and converted by skl2onnx', () => {
  const bench = new Workbench();
  let folder: string;
  let mlserver: Service<string>;
  let server: RunningServer;
  const original = async (name: string): Promise<Original> =>
    JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'));
  const python = async (program: string, ...args: string[]) => {
    const result = await run(PYTHON, [join(__dirname, program), ...args], { timeoutSeconds: 120 });
    if (result.exitCode !== 0) throw new Error(result.output);
    return result.stdout;
  };

  beforeAll(async () => {
    folder = await bench.directory();
    await python('train.py', folder);
    mlserver = await startService({
      title: 'MLServer',
      command: PYTHON,
      args: [join(__dirname, 'serve.py'), join(folder, 'wine.joblib')],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
      ready: (line) => (line.startsWith('{"url"') ? (JSON.parse(line).url as string) : undefined),
      startSeconds: 60,
    });
    await mkdir(join(folder, 'wine-by-mlserver'));
    await writeFile(
      join(folder, 'wine-by-mlserver', 'backend.json'),
      JSON.stringify({ backend: 'open-inference', url: mlserver.ready, model: 'wine' }),
    );
    const config = await bench.config({ models: folder, grpcPort: 0 });
    await publish(config.store);
    server = await bench.server(config);
  }, 180_000);
  afterAll(async () => {
    await bench.cleanUp();
    await mlserver?.stop();
  });

  /** What the server says of the whole test split, by JSON. */
  async function predictions(model: string, { rows }: Original): Promise<Predictions> {
    const width = rows[0]?.length as number;
    const { status, body } = await post(`${server.url}/v2/models/${model}/infer`, {
      inputs: [{ name: 'X', shape: [rows.length, width], datatype: 'FP32', data: rows }],
    });
    expect([status, body.detail]).toEqual([200, undefined]);
    const data = (name: string) => body.outputs.find((output: { name: string }) => output.name === name).data;
    const flat: number[] = data('probabilities');
    const classes = flat.length / rows.length;
    return { labels: data('label'), probabilities: rows.map((_, i) => flat.slice(i * classes, (i + 1) * classes)) };
  }

  it.each([
    ['wine', 89, 3],
    ['digits', 899, 10],
  ])(
    '%s: all %i rows of the test split have the labels and, within 1e-5, the %i probabilities of the original',
    async (name, rows, classes) => {
      const expected = await original(name);
      expect([expected.rows.length, expected.probabilities[0]?.length]).toEqual([rows, classes]);
      // The original is worth comparing with.
      expect(expected.accuracy).toBeGreaterThan(0.9);
      const served = await predictions(name, expected);
      expect(served.labels).toEqual(expected.labels);
      const apart = distance(served, expected);
      console.log(`${name}: ${rows} rows, probabilities at most ${apart.toExponential(1)} apart`);
      expect(apart).toBeLessThanOrEqual(1e-5);
    },
  );

  it('have their own contract: names, types and shapes as the converter wrote them', async () => {
    const { body } = await request(`${server.url}/v2/models/digits`);
    expect([body.inputs, body.outputs]).toEqual([
      [{ name: 'X', datatype: 'FP32', shape: [-1, 64] }],
      [
        { name: 'label', datatype: 'BYTES', shape: [-1] },
        { name: 'probabilities', datatype: 'FP32', shape: [-1, 10] },
      ],
    ]);
    const wrong = { inputs: [{ name: 'X', shape: [1, 63], datatype: 'FP32', data: Array(63).fill(0) }] };
    const { status, body: problem } = await post(`${server.url}/v2/models/digits/infer`, wrong);
    expect([status, problem.errors[0].field]).toEqual([400, 'inputs.0.shape']);
  });

  it('the same model behind a real MLServer answers as scikit-learn itself does', async () => {
    const expected = await original('wine');
    const served = await predictions('wine-by-mlserver', expected);
    expect(served.labels).toEqual(expected.labels);
    expect(distance(served, expected)).toBe(0);
  });

  describe('asked by clients of other makes', () => {
    const session = { items: ['item-1', 'item-4'], limit: 3, reasons: 2 };
    // biome-ignore lint/suspicious/noExplicitAny: whatever the clients printed
    let heard: any;

    beforeAll(async () => {
      const addresses = [new URL(server.url).host, `127.0.0.1:${server.grpcPort}`];
      heard = JSON.parse(await python('clients.py', ...addresses, folder, JSON.stringify(session)));
    }, 120_000);

    it.each(['http', 'grpc'])(
      "NVIDIA's client over %s hears the original's labels and probabilities",
      async (protocol) => {
        expect([heard[protocol].live, heard[protocol].ready]).toEqual([true, true]);
        for (const name of ['wine', 'digits']) {
          const expected = await original(name);
          expect(heard[protocol][name].labels).toEqual(expected.labels);
          expect(distance(heard[protocol][name], expected)).toBeLessThanOrEqual(1e-5);
        }
      },
    );

    it("Google's gRPC for Python finds every service, and their health, by reflection", () => {
      expect(heard.reflection.services).toEqual([
        'grpc.health.v1.Health',
        'inference.GRPCInferenceService',
        'recommender.v1.Recommender',
      ]);
      expect(heard.reflection.health).toEqual({ status: 'SERVING' });
      expect(heard.reflection.fields).toEqual(['exclude', 'exclude_seen', 'limit', 'reasons', 'user']);
    });

    it('it hears the recommendations that HTTP answers', async () => {
      const { body } = await post(`${server.url}/v1/recommendations`, session);
      const { fallback, ...rest } = body;
      expect(fallback).toBeNull();
      expect(heard.reflection.recommendations).toEqual(rest);
    });
  });
});

/**
 * A recommender as Express is usually written: a model run for each request, awaited, and `res.json`. The folder
 * PEER_MODEL holds model.onnx and items.json, the file PEER_HISTORIES the customers' histories.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import { InferenceSession, Tensor } from 'onnxruntime-node';

interface Item {
  readonly id: string;
  readonly name: string;
}

async function main(model: string, historiesFile: string, port: number): Promise<void> {
  const session = await InferenceSession.create(join(model, 'model.onnx'), {
    // One core: more threads would only stand in each other's way.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const items = JSON.parse(readFileSync(join(model, 'items.json'), 'utf8')) as Item[];
  const index = new Map(items.map(({ id }, i) => [id, i]));
  const histories = (JSON.parse(readFileSync(historiesFile, 'utf8')) as string[][]).map((history) =>
    history.map((id) => index.get(id) as number),
  );

  const app = express();
  app.get('/v1/users/:user/recommendations', async (request, response) => {
    const { user } = request.params;
    const limit = Number(request.query.limit ?? 10);
    const history = histories[Number(user)];
    if (!history || !Number.isInteger(limit) || limit < 1 || limit > 100) {
      response.status(history ? 400 : 404).json({ error: history ? 'limit is 1 to 100' : 'unknown customer' });
      return;
    }
    const mask = new Uint8Array(items.length);
    for (const item of history) mask[item] = 1;
    const { indices, scores } = await session.run(
      {
        items: new Tensor('int32', Int32Array.from(history), [1, history.length]),
        weights: new Tensor('float32', new Float32Array(history.length).fill(1), [1, history.length]),
        mask: new Tensor('bool', mask, [1, items.length]),
        k: new Tensor('int32', Int32Array.of(limit), [1]),
        explain: new Tensor('bool', Uint8Array.of(0), [1]),
      },
      ['indices', 'scores'],
    );
    const found = Array.from(indices?.data as Int32Array, (item, i) => ({
      ...(items[item] as Item),
      score: Math.round((scores?.data[i] as number) * 1e6) / 1e6,
    }));
    response.json({ user, modelVersion: '0'.repeat(64), rung: 'personal', fallback: null, items: found });
  });
  const server = app.listen(port, '127.0.0.1');
  server.keepAliveTimeout = 65_000;
}

void main(process.env.PEER_MODEL ?? '', process.env.PEER_HISTORIES ?? '', Number(process.env.PEER_PORT));

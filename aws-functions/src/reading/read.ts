import { type RunningServer, type ServerConfig, startServer } from '@cdktf-recommender/model-server';
import type { Logger } from 'pino';
import type { Handler } from '../runtime';
import { requestOf, resultOf } from './http-event';
import { Loopback } from './loopback';

export interface Reader {
  readonly handler: Handler;
  readonly server: RunningServer;
  close(): Promise<void>;
}

/**
 * The model server behind an API Gateway: it listens on the loopback alone, and each event becomes a request to it. So
 * the answers, limits, logs and problems are those of the server in a cluster, byte for byte. A cold start loads the
 * model from the store, checked as ever; a channel that moves is followed while requests come.
 */
export async function openReader(config: ServerConfig, logger: Logger): Promise<Reader> {
  // The gateway is the one hop before it. An answer is over when the function is frozen, so nothing drains.
  const local = { host: '127.0.0.1', port: 0, trustProxy: ['loopback'], drainSeconds: 0, console: false };
  const server = await startServer({ ...config, ...local, grpcPort: undefined, adminPort: undefined }, logger);
  const loopback = new Loopback(server.port);
  return {
    server,
    handler: async (event) => resultOf(await loopback.send(requestOf(event))),
    close: async () => {
      loopback.close();
      await server.close();
    },
  };
}

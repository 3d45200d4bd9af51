import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServer {
  readonly port: number;
  close(): void;
}

/**
 * Answers `GET /livez`: 200, or 503 with what hangs, so that the kubelet starts the process anew. A store or an API server
 * that is away is no reason to.
 */
export async function startHealthServer(
  address: { readonly host: string; readonly port: number },
  hang: () => string | undefined,
): Promise<HealthServer> {
  const server = createServer({ requestTimeout: 5000 }, (request, response) => {
    const known = request.method === 'GET' && request.url === '/livez';
    const problem = known ? hang() : undefined;
    response.writeHead(known ? (problem ? 503 : 200) : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(known ? { status: problem ?? 'ok' } : { status: 'there is only GET /livez' }));
  });
  server.listen(address.port, address.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

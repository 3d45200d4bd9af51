import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServer {
  readonly port: number;
  close(): void;
}

/** What is wrong, in one line; `undefined` when nothing is. */
type Check = () => string | undefined;

/**
 * Answers `GET /livez` and `GET /readyz`: 200, or 503 with what is wrong. The kubelet starts anew what does not live, so
 * that is a look that hangs; a store or an API server that is away only makes it unready, which `kubectl get pods` shows.
 */
export async function startHealthServer(
  address: { readonly host: string; readonly port: number },
  checks: { readonly hang: Check; readonly unready: Check },
): Promise<HealthServer> {
  const paths = new Map([
    ['/livez', checks.hang],
    ['/readyz', checks.unready],
  ]);
  const server = createServer({ requestTimeout: 5000 }, (request, response) => {
    const check = request.method === 'GET' ? paths.get(request.url ?? '') : undefined;
    const problem = check?.();
    response.writeHead(check ? (problem ? 503 : 200) : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ status: check ? (problem ?? 'ok') : 'there is only GET /livez and GET /readyz' }));
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

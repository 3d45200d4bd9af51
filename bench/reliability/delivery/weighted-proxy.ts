import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ControlPlane } from '@cdktf-recommender/rehearsal';
import { BenchError } from '../../errors';

const LOOK_MS = 250;
/** What a connection's two ends tell each other, and a proxy keeps to itself. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding'];
const ROUTE = 'model-server';
const SERVICE_LABEL = 'kubernetes.io/service-name';

interface HttpRoute {
  readonly metadata: { name: string; namespace: string };
  readonly spec: { rules: { backendRefs?: { name: string; weight?: number }[] }[] };
}

interface EndpointSlice {
  readonly metadata: { namespace: string; labels: Record<string, string> };
  readonly endpoints?: { addresses: string[]; conditions: { ready?: boolean } }[];
}

interface Backend {
  readonly weight: number;
  /** Ports of the ready endpoints' processes. */
  readonly ports: readonly number[];
}

export interface WeightedProxiesOptions {
  readonly controlPlane: ControlPlane;
  readonly namespaces: readonly string[];
  /** The port of the process that is the pod with this address. */
  readonly portOf: (ip: string) => number | undefined;
  readonly onProgress: (line: string) => void;
}

/**
 * Stands in for the gateway: for each namespace a proxy that splits requests by the weights of the HTTPRoute
 * `model-server`, over the ready endpoints of the Services it names. It asks nobody twice.
 */
export class WeightedProxies {
  private readonly backends = new Map<string, Backend[]>();
  private readonly servers = new Map<string, { readonly server: Server; readonly port: number }>();
  private readonly agent = new Agent({ keepAlive: true });
  private readonly stopped = new AbortController();
  private looking: Promise<void> = Promise.resolve();

  private constructor(private readonly options: WeightedProxiesOptions) {}

  static async start(options: WeightedProxiesOptions): Promise<WeightedProxies> {
    const proxies = new WeightedProxies(options);
    for (const namespace of options.namespaces) {
      const server = createServer((incoming, response) => proxies.forward(namespace, incoming, response));
      // Longer than any client keeps a connection without a request.
      server.keepAliveTimeout = 60_000;
      await once(server.listen(0, '127.0.0.1'), 'listening');
      proxies.servers.set(namespace, { server, port: (server.address() as AddressInfo).port });
    }
    proxies.looking = proxies.look();
    return proxies;
  }

  port(namespace: string): number {
    const found = this.servers.get(namespace);
    if (!found) throw new BenchError(`there is no proxy for ${namespace}`);
    return found.port;
  }

  /** Whether requests would get to a server now. */
  serves(namespace: string): boolean {
    return this.chosen(namespace) !== undefined;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.looking;
    for (const { server } of this.servers.values()) {
      server.closeAllConnections();
      server.close();
    }
    this.agent.destroy();
  }

  private async look(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      await this.read().catch((error: Error) => this.options.onProgress(`routes: ${error.message}`));
      await pause(LOOK_MS);
    }
  }

  private async read(): Promise<void> {
    const { controlPlane, namespaces } = this.options;
    const [routes, slices] = (await Promise.all([
      controlPlane.get('/apis/gateway.networking.k8s.io/v1/httproutes'),
      controlPlane.get('/apis/discovery.k8s.io/v1/endpointslices'),
    ])) as [{ items: HttpRoute[] }, { items: EndpointSlice[] }];
    for (const namespace of namespaces) {
      const route = routes.items.find(({ metadata }) => metadata.namespace === namespace && metadata.name === ROUTE);
      const own = slices.items.filter(({ metadata }) => metadata.namespace === namespace);
      const backends = (route?.spec.rules[0]?.backendRefs ?? []).map(({ name, weight = 1 }) => {
        return { weight, ports: this.portsOf(own.filter(({ metadata }) => metadata.labels[SERVICE_LABEL] === name)) };
      });
      this.backends.set(namespace, backends);
    }
  }

  private portsOf(slices: readonly EndpointSlice[]): number[] {
    return slices
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions }) => conditions.ready)
      .flatMap(({ addresses: [ip = ''] }) => this.options.portOf(ip) ?? []);
  }

  private chosen(namespace: string): number | undefined {
    const backends = this.backends.get(namespace) ?? [];
    let left = Math.random() * backends.reduce((sum, { weight }) => sum + weight, 0);
    for (const { weight, ports } of backends) {
      left -= weight;
      if (left < 0) return ports[Math.floor(Math.random() * ports.length)];
    }
    return undefined;
  }

  private forward(namespace: string, incoming: IncomingMessage, response: ServerResponse): void {
    const port = this.chosen(namespace);
    const refuse = () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    };
    if (port === undefined) {
      refuse();
      return;
    }
    const { method, url: path, headers } = incoming;
    const asked = request(
      { host: '127.0.0.1', port, method, path, headers: endToEnd(headers), agent: this.agent },
      (answer) => {
        response.writeHead(answer.statusCode as number, endToEnd(answer.headers));
        answer.pipe(response);
        answer.on('error', refuse);
      },
    );
    asked.on('error', refuse);
    incoming.pipe(asked);
  }
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name)));
}

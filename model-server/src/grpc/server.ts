import { logVerbosity, Server, ServerCredentials, type ServerInterceptor, setLogVerbosity } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation, type ServingStatus } from 'grpc-health-check';
import type { Logger } from 'pino';
import type { EventRecorder } from '../event-recorder';
import type { Inference } from '../inference/inference';
import type { Lifecycle } from '../lifecycle';
import type { Metrics } from '../metrics';
import type { ServedModels } from '../model-follower';
import type { Recommender } from '../recommender';
import type { ResultCache } from '../result-cache/result-cache';
import type { Tracer } from '../telemetry/tracer';
import type { UserStateStore } from '../user-state/user-state-store';
import { inferenceService } from './inference-service';
import { CallObserver } from './observe';
import { INFERENCE_SERVICE, loadProtos, RECOMMENDER_SERVICE, serviceOf } from './protos';
import { recommenderService } from './recommender-service';

/** How often the health service looks at what it reports. */
const HEALTH_MS = 500;
/** For the last answers to leave, before connections are ended on which only health is watched. */
const LAST_WORDS_MS = 100;

const LIMITS = {
  /** Calls at once on a connection: each may hold a message. */
  'grpc.max_concurrent_streams': 100,
  /** A connection on which nothing comes is asked for a sign of life, and closed without one. */
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_connection_idle_ms': 300_000,
  /** Clients find new replicas when they connect anew; calls under way are finished. */
  'grpc.max_connection_age_ms': 600_000,
  'grpc.max_connection_age_grace_ms': 30_000,
  /** MiB of one HTTP/2 session, buffers included. */
  'grpc-node.max_session_memory': 64,
};

export interface GrpcServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Bytes of a message at most, in either direction. */
  readonly maxBytes: number;
  readonly recommender: Recommender;
  readonly users: UserStateStore;
  readonly events: EventRecorder;
  /** `undefined`: answers are not kept. */
  readonly resultCache: ResultCache | undefined;
  readonly inference: Inference;
  readonly models: ServedModels;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** `undefined`: nothing is traced. */
  readonly tracer?: Tracer | undefined;
  /**
   * See every call before its handler does, in this order, and may end it by a status (`statusOf(problem)`): who calls,
   * and how often. Health and reflection pass through them too.
   */
  readonly interceptors?: readonly ServerInterceptor[];
}

/** The recommender, the Open Inference Protocol, health (`grpc.health.v1`) and reflection, on one port without TLS. */
export class GrpcServer {
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly observer: CallObserver,
    private readonly updateHealth: () => void,
  ) {
    this.timer = setInterval(updateHealth, HEALTH_MS).unref();
  }

  /** @throws Error when the port can't be had */
  static async start(options: GrpcServerOptions): Promise<GrpcServer> {
    const { host, port, maxBytes, models, lifecycle, inference, metrics, logger, interceptors = [] } = options;
    // What it prints on standard error is in what it throws and answers.
    setLogVerbosity(logVerbosity.NONE);
    const observer = new CallObserver(metrics.registry, logger);
    const server = new Server({
      ...LIMITS,
      'grpc.max_receive_message_length': maxBytes,
      'grpc.max_send_message_length': maxBytes,
      interceptors: [observer.interceptor, ...interceptors],
    });
    const protos = loadProtos();
    const knowsItem = (id: string) => models.current && models.current.model.indexOf(id) !== undefined;
    server.addService(serviceOf(protos, RECOMMENDER_SERVICE), recommenderService({ ...options, knowsItem }));
    server.addService(serviceOf(protos, INFERENCE_SERVICE), inferenceService(inference, lifecycle, options));
    new ReflectionService(protos).addToServer(server);
    const health = new HealthImplementation();
    health.addToServer(server);
    const updateHealth = () => {
      const status = (ready: boolean): ServingStatus => (ready && !lifecycle.draining ? 'SERVING' : 'NOT_SERVING');
      health.setStatus('', status(models.current !== undefined));
      health.setStatus(RECOMMENDER_SERVICE, status(models.current !== undefined));
      health.setStatus(INFERENCE_SERVICE, status(inference.ready));
    };
    updateHealth();
    return new GrpcServer(server, await listen(server, host, port), observer, updateHealth);
  }

  /** Tells who watches the health what changed, without waiting for the next look. */
  healthChanged(): void {
    this.updateHealth();
  }

  /** Takes no more calls; resolves when all are answered, or cut off because the time is over. */
  async close(deadlineMs: number): Promise<void> {
    clearInterval(this.timer);
    const deadline = setTimeout(() => this.server.forceShutdown(), deadlineMs);
    const ended = new Promise<void>((resolve) => this.server.tryShutdown(() => resolve()));
    // Who watches the health does so until the end of the connection.
    void this.observer.idle().then(() => setTimeout(() => this.server.forceShutdown(), LAST_WORDS_MS));
    await ended;
    clearTimeout(deadline);
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(new Error(`can't listen for gRPC on ${address} (grpcPort): ${error.message}`));
      else resolve(bound);
    });
  });
}

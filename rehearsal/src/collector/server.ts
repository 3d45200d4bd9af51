import { join } from 'node:path';
import { compiledFile, PACKAGE_ROOT } from '../process/compiled';
import { freePort } from '../process/free-port';
import { startService } from '../process/service';
import { goModule } from '../toolchain/go-module';

const START_SECONDS = 30;
const READY = 'Everything is ready';

export interface Collector {
  /** `http://127.0.0.1:4318`: takes OTLP over HTTP. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface CollectorPlace {
  /** That it takes OTLP at, over HTTP. */
  readonly port: number;
  /** Address that gets what the collector keeps, by OTLP over HTTP: `http://127.0.0.1:1234`. */
  readonly passOnTo: string;
}

export interface StartCollectorOptions extends Pick<CollectorPlace, 'passOnTo'> {
  /** @default - a free one */
  readonly port?: number;
  /**
   * Its configuration, which has to write its log to standard output.
   * @default - what it receives is passed on at once, as JSON
   */
  readonly configuration?: (place: CollectorPlace) => object;
  /** Told of slow first-time work. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The collector, built on first use. @throws RehearsalError where Go or a module can't be had */
export function collectorProgram(options: Pick<StartCollectorOptions, 'onProgress' | 'signal'> = {}): Promise<string> {
  return goModule({ program: 'otel-collector', folder: join(PACKAGE_ROOT, 'collector'), ...options });
}

/**
 * Starts an OpenTelemetry collector, of the official parts and built by Go. It ends with `stop()`, or with this process.
 *
 * @throws RehearsalError when it can't be had or doesn't start
 */
export async function startCollector(options: StartCollectorOptions): Promise<Collector> {
  const { passOnTo, configuration = passOn, onProgress, signal } = options;
  const program = await collectorProgram({ onProgress, signal });
  const port = options.port ?? (await freePort());
  const { stop } = await startService({
    title: 'The OpenTelemetry collector',
    command: process.execPath,
    // JSON is YAML, and fits on a command line.
    args: [
      compiledFile('process/guard.js'),
      program,
      '--config',
      `yaml:${JSON.stringify(configuration({ port, passOnTo }))}`,
    ],
    env: process.env,
    ready: (line) => line.includes(READY) || undefined,
    startSeconds: START_SECONDS,
    signal,
  });
  return { endpoint: `http://127.0.0.1:${port}`, stop };
}

function passOn({ port, passOnTo }: CollectorPlace): object {
  return {
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: {
      otlp_http: { endpoint: passOnTo, encoding: 'json', compression: 'none', sending_queue: { enabled: false } },
    },
    service: {
      telemetry: { logs: { output_paths: ['stdout'] }, metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['otlp_http'] } },
    },
  };
}

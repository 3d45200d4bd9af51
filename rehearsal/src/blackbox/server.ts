import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledFile } from '../process/compiled';
import { freePort } from '../process/free-port';
import { startService } from '../process/service';
import { debianProgram } from '../toolchain/debian-packages';

const PROGRAM = 'prometheus-blackbox-exporter';
const START_SECONDS = 30;

export interface BlackboxExporter {
  /** `127.0.0.1:9115` */
  readonly target: string;
  stop(): Promise<void>;
}

export interface StartBlackboxExporterOptions {
  /** blackbox.yml: `{ modules: { … } }`. */
  readonly config: object;
  /** Told of slow first-time work. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Starts Prometheus' blackbox exporter on 127.0.0.1. It ends with `stop()`, or with this process.
 *
 * @throws RehearsalError when it can't be had, or doesn't take its configuration
 */
export async function startBlackboxExporter(options: StartBlackboxExporterOptions): Promise<BlackboxExporter> {
  const { config, onProgress, signal } = options;
  const { path, env } = await debianProgram({ program: PROGRAM, packages: [PROGRAM], onProgress, signal });
  const folder = await mkdtemp(join(tmpdir(), 'blackbox-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const file = join(folder, 'blackbox.yml');
  const target = `127.0.0.1:${await freePort()}`;
  try {
    // JSON is YAML.
    await writeFile(file, JSON.stringify(config));
    const { stop } = await startService({
      title: 'The blackbox exporter',
      command: process.execPath,
      args: [compiledFile('process/guard.js'), path, `--config.file=${file}`, `--web.listen-address=${target}`],
      env,
      probe: async () => ((await fetch(`http://${target}/-/healthy`).catch(() => undefined))?.ok ? true : undefined),
      startSeconds: START_SECONDS,
      signal,
    });
    return { target, stop: () => stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

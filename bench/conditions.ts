import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { cCompiler } from './c-program';
import type { Cores } from './cores';
import { ROOT } from './repository';

/** What figures depend on besides the code. */
export interface Conditions {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  /** `20.20.2` */
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly compiler: string;
  /** Git revision, with `+` where the working tree differs. */
  readonly revision: string;
  /** Processes that ran or waited to, one minute's average, before the run: other work on the machine. */
  readonly loadBefore: number;
  readonly serverCores: readonly number[];
  readonly generatorCore: number;
  /** Histories by kind: customers, and items of each. */
  readonly histories: Readonly<Record<string, HistoryConditions>>;
}

export interface HistoryConditions {
  readonly customers: number;
  readonly mean: number;
  readonly median: number;
  readonly max: number;
}

export function machineConditions(cores: Cores): Omit<Conditions, 'histories'> {
  const version = (name: string): string => require(`${name}/package.json`).version;
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    versions: {
      express: version('express'),
      'onnxruntime-node': version('onnxruntime-node'),
      ...pinned('fastapi', 'uvicorn', 'onnxruntime'),
    },
    compiler: cCompiler() ?? 'none',
    revision: revision(),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    serverCores: cores.servers,
    generatorCore: cores.generator,
  };
}

/** Versions of Python packages in the peer's requirements. */
function pinned(...names: string[]): Record<string, string> {
  const requirements = readFileSync(join(ROOT, 'bench/peers/fastapi/requirements.txt'), 'utf8');
  return Object.fromEntries(
    names.map((name) => [name, new RegExp(`^${name}==(.+)$`, 'm').exec(requirements)?.[1] ?? '']),
  );
}

function revision(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}

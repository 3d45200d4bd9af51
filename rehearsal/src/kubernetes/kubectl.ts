import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RehearsalError } from '../errors';
import type { ControlPlane } from './control-plane';

/** What the stacks' nodes have at least. */
const NODE_DISK = '64Gi';

export interface NodeOptions {
  readonly name: string;
  readonly zone: string;
  /** @default '4' */
  readonly cpu?: string;
  /** @default '16Gi' */
  readonly memory?: string;
  /** @default {} */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Adds a node, and waits until it is ready for pods. */
export async function addNode(controlPlane: ControlPlane, options: NodeOptions): Promise<void> {
  const { name, zone, cpu = '4', memory = '16Gi', labels = {} } = options;
  const capacity = { cpu, memory, pods: '110', 'ephemeral-storage': NODE_DISK };
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'arm64',
        'topology.kubernetes.io/zone': zone,
        ...labels,
      },
    },
    status: { allocatable: capacity, capacity },
  };
  await apply(controlPlane, [node]);
  await succeed(controlPlane, 'wait', '--for=condition=Ready', `node/${name}`, '--timeout=60s');
}

/**
 * Applies objects on the server's side, unknown fields refused.
 *
 * @returns a line for each: `deployment.apps/model-server serverside-applied`
 * @throws RehearsalError with what the server said
 */
export async function apply(controlPlane: ControlPlane, objects: readonly object[]): Promise<string[]> {
  const output = await withFile(objects, (file) =>
    succeed(controlPlane, 'apply', '--server-side', '--validate=strict', '-f', file),
  );
  return output.trim().split('\n');
}

/**
 * What applying objects again would change, as a diff; empty when nothing.
 *
 * @throws RehearsalError with what the server said
 */
export async function difference(controlPlane: ControlPlane, objects: readonly object[]): Promise<string> {
  const { exitCode, stdout, output } = await withFile(objects, (file) =>
    controlPlane.kubectl('diff', '--server-side', '-f', file),
  );
  if (exitCode > 1) throw new RehearsalError(`kubectl diff failed:\n${output.trim()}`);
  return stdout;
}

async function withFile<T>(objects: readonly object[], use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'manifests-'));
  try {
    const file = join(folder, 'objects.json');
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** kubectl's standard output. @throws RehearsalError when it fails */
export async function succeed(controlPlane: ControlPlane, ...args: string[]): Promise<string> {
  const { exitCode, stdout, output } = await controlPlane.kubectl(...args);
  if (exitCode !== 0) throw new RehearsalError(`kubectl ${args.join(' ')} failed:\n${output.trim()}`);
  return stdout;
}

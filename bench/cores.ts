import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { BenchError } from './errors';

export interface Cores {
  /** Where the generator runs: never with a server. */
  readonly generator: number;
  /** Where a server runs, and where its further workers do. */
  readonly servers: readonly number[];
}

/**
 * Gives each process a core of its own. The first one, where a machine's interrupts tend to go, is the generator's.
 *
 * @throws BenchError where there are fewer than two cores, or no taskset
 */
export function chooseCores(): Cores {
  const cores = allowedCores();
  const [generator, ...servers] = cores;
  if (generator === undefined || servers.length === 0) {
    throw new BenchError(
      `a benchmark needs two cores, one for the server and one for the load; here is ${cores.length}`,
    );
  }
  return { generator, servers };
}

/** The cores that this process may run on: in a container, not always the first ones. */
function allowedCores(): number[] {
  let list: string;
  try {
    list =
      execFileSync('taskset', ['-cp', `${process.pid}`], { encoding: 'utf8' })
        .split(':')
        .at(-1)
        ?.trim() ?? '';
  } catch {
    throw new BenchError(
      `taskset is missing, which keeps server and load on cores of their own: apt-get install util-linux`,
    );
  }
  const cores = list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return cores.slice(0, availableParallelism());
}

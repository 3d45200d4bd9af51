import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchError } from './errors';
import { ROOT } from './repository';

export interface Image {
  /** Options of Node that it is started with. */
  readonly nodeOptions: readonly string[];
  /** What Node and the C library read of the environment; the server's own settings are left out. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How the model server's image starts Node, so that what is measured is what is deployed. */
export function imageOf(dockerfile = join(ROOT, 'model-server/Dockerfile')): Image {
  const text = readFileSync(dockerfile, 'utf8');
  const command = /^ENTRYPOINT (\[.*\])$/m.exec(text)?.[1];
  if (command === undefined) throw new BenchError(`${dockerfile} has no ENTRYPOINT as a list`);
  const [node, ...rest] = JSON.parse(command) as string[];
  if (node !== 'node') throw new BenchError(`${dockerfile} starts ${node}, not node`);
  const variables = [...text.matchAll(/^ENV ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value] as const);
  return {
    nodeOptions: rest.filter((argument) => argument.startsWith('--')),
    environment: Object.fromEntries(variables.filter(([name]) => !name?.startsWith('RECOMMENDER_'))),
  };
}

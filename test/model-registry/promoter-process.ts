import { createInterface } from 'node:readline';
import { type ConflictError, openModelRegistry } from '../../model-registry/src/index';

/**
 * For directory-processes.test.ts: promotes what each line of its input says, `{ version, expected }`, and answers
 * `{ won }` or `{ code, current }`.
 */
async function main([directory = '', by = '']: string[]): Promise<void> {
  const registry = await openModelRegistry(directory, 'shop');
  console.log('{"ready":true}');
  for await (const line of createInterface({ input: process.stdin })) {
    const { version, expected } = JSON.parse(line);
    const answer = await registry.promote('prod', version, { by, expected }).then(
      (state) => ({ won: state.version }),
      (error: ConflictError) => ({ code: error.code, current: error.current?.version }),
    );
    console.log(JSON.stringify(answer));
  }
}

void main(process.argv.slice(2));

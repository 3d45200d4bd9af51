import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { openModelRegistry } from '../../model-registry/src/index';

/**
 * For directory-processes.test.ts: promotes a version and kills itself, as the kernel or a power cut would, when it is
 * about to rename, which is when it holds the lock.
 */
async function main([directory = '', version = '']: string[]): Promise<void> {
  fs.rename = async () => {
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  };
  syncBuiltinESMExports();
  const registry = await openModelRegistry(directory, 'shop');
  await registry.promote('prod', version, { by: 'killed' });
}

void main(process.argv.slice(2));

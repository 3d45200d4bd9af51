import { join } from 'node:path';
import { PACKAGE_ROOT } from '../process/compiled';
import { pythonEnvironment } from '../toolchain/python-environment';

/**
 * The Python that has moto; half a minute and 250 MB on first use.
 *
 * @throws RehearsalError when there is no Python 3.10 or newer, or pip can't install
 */
export function motoPython(onProgress?: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const requirements = join(PACKAGE_ROOT, 'moto', 'requirements.txt');
  return pythonEnvironment({ name: 'moto', title: 'The emulated AWS (moto)', requirements, onProgress, signal });
}

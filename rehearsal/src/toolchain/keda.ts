import { join } from 'node:path';
import { PACKAGE_ROOT } from '../process/compiled';
import { type GoToolsOptions, goTools } from './go-module';
import { goModuleFiles } from './go-module-files';

const MODULE = 'github.com/kedacore/keda/v2';
export const KEDA_VERSION = 'v2.20.2';

export interface KedaPrograms {
  /** Path of the operator, which makes autoscalers of ScaledObjects. */
  readonly operator: string;
  /** Path of the metrics server, which tells autoscalers what the operator measured. */
  readonly adapter: string;
}

/** KEDA's programs, built on first use. @throws RehearsalError where Go or a module can't be had */
export async function kedaPrograms(options: Pick<GoToolsOptions, 'onProgress' | 'signal'> = {}): Promise<KedaPrograms> {
  const folder = await goTools({
    name: 'keda',
    folder: join(PACKAGE_ROOT, 'keda'),
    takes: '3 to 6 minutes',
    ...options,
  });
  return { operator: join(folder, 'operator'), adapter: join(folder, 'adapter') };
}

/** Files with KEDA's kinds, of the same version. @throws RehearsalError where the module can't be had */
export async function kedaCrds(options: Pick<GoToolsOptions, 'signal'> = {}): Promise<string[]> {
  return [join(await goModuleFiles(MODULE, KEDA_VERSION, options.signal), 'config/crd/bases')];
}

import { join } from 'node:path';
import { PACKAGE_ROOT } from '../process/compiled';
import { type GoToolsOptions, goTools } from './go-module';

export const PROMETHEUS_VERSION = '3.15.0';

export interface PrometheusPrograms {
  /** Path of the server. */
  readonly prometheus: string;
  /** Path of the checker of its files, and tester of its rules. */
  readonly promtool: string;
}

/**
 * Prometheus and promtool, built on first use; of its service discoveries they have files and HTTP.
 *
 * @throws RehearsalError where Go or a module can't be had
 */
export async function prometheusPrograms(
  options: Pick<GoToolsOptions, 'onProgress' | 'signal'> = {},
): Promise<PrometheusPrograms> {
  const folder = await goTools({
    name: 'prometheus',
    folder: join(PACKAGE_ROOT, 'prometheus'),
    tags: ['remove_all_sd'],
    variables: { 'github.com/prometheus/common/version.Version': PROMETHEUS_VERSION },
    takes: 'about 2 minutes',
    ...options,
  });
  return { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') };
}

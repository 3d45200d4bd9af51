import { RehearsalError } from '../errors';
import { run, which } from '../process/run';

const DOWNLOAD_SECONDS = 300;

/**
 * The files of a Go module, which Go downloads once and keeps. They are not to be changed.
 *
 * @param module `github.com/fluxcd/flagger`
 * @param version `v1.44.0`
 * @returns their folder
 * @throws RehearsalError where there is no Go, or the module can't be had
 */
export async function goModuleFiles(module: string, version: string, signal?: AbortSignal): Promise<string> {
  const hint = 'Install Go from https://go.dev/dl/. Behind a mirror, set GOPROXY';
  if (!(await which('go'))) throw new RehearsalError(`${module} needs Go, which is not on PATH`, hint);
  const { exitCode, stdout, output } = await run('go', ['mod', 'download', '-json', `${module}@${version}`], {
    env: { ...process.env, GOFLAGS: '' },
    timeoutSeconds: DOWNLOAD_SECONDS,
    signal,
  });
  if (exitCode !== 0) throw new RehearsalError(`${module} ${version} can't be had:\n${output.trim()}`, hint);
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

import { runSchemathesis } from '@cdktf-recommender/rehearsal';
import { atMost, type CheckResult } from './bars';
import { ServerProcess } from './server-process';
import { smallStore } from './small-store';

export const OPENAPI_PATH = '/openapi.json';

export interface ContractOptions {
  /** Requests made up for each operation at most. @default 100 */
  readonly examples?: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

/** Holds the server against its OpenAPI document, by schemathesis. */
export async function contract({ examples = 100, seed, onProgress }: ContractOptions): Promise<CheckResult> {
  const started = performance.now();
  const store = await smallStore();
  const server = await ServerProcess.start(store);
  try {
    const { exitCode, output } = await runSchemathesis({
      document: `${server.url}${OPENAPI_PATH}`,
      args: ['--seed', `${seed}`, '--max-examples', `${examples}`, '--workers', '1', '--url', server.url],
      timeoutSeconds: 900,
      onProgress,
    });
    return {
      name: 'contract',
      conditions: `schemathesis on ${OPENAPI_PATH}, at most ${examples} requests an operation; seed ${seed}`,
      bars: [atMost('exit code of schemathesis (1: a failure)', exitCode, 0)],
      notes: [output.trim().split('\n').slice(-40).join('\n')],
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await server.stop('SIGKILL');
    await store.remove();
  }
}

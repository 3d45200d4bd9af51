import { randomBytes } from 'node:crypto';
import { compiledFile } from '../process/compiled';
import { startService } from '../process/service';
import { AZURITE_VERSION, azuriteProgram } from './install';

const START_SECONDS = 60;
const ACCOUNT = 'rehearsal';
const FLAGS = [
  ...['--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence', '--silent', '--disableTelemetry'],
  // The client speaks a newer version than this azurite knows by name; what the stores use of it is older than both.
  '--skipApiVersionCheck',
];

export interface Azurite {
  /** `http://127.0.0.1:<port>/<account>` */
  readonly blobEndpoint: string;
  readonly account: string;
  /** For AZURE_STORAGE_CONNECTION_STRING; the account's key is made anew at each start. */
  readonly connectionString: string;
  readonly version: string;
  stop(): Promise<void>;
}

export interface StartAzuriteOptions {
  /** Told of slow first-time work. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Starts an emulated Azure Blob Storage on a free port of 127.0.0.1, with one empty account that it keeps in memory. It
 * ends with `stop()`, or with this process.
 *
 * @throws RehearsalError when azurite can't be had or doesn't start
 */
export async function startAzurite(options: StartAzuriteOptions = {}): Promise<Azurite> {
  const program = await azuriteProgram(options.onProgress, options.signal);
  const key = randomBytes(64).toString('base64');
  const { ready: origin, stop } = await startService({
    title: 'The emulated Azure Blob Storage (azurite)',
    command: process.execPath,
    args: [compiledFile('process/guard.js'), process.execPath, program, ...FLAGS],
    env: { ...process.env, AZURITE_ACCOUNTS: `${ACCOUNT}:${key}` },
    ready: (line) => /listens on (http:\S+)$/.exec(line)?.[1],
    startSeconds: START_SECONDS,
    signal: options.signal,
  });
  const blobEndpoint = `${origin}/${ACCOUNT}`;
  return {
    blobEndpoint,
    account: ACCOUNT,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${key};BlobEndpoint=${blobEndpoint}`,
    version: AZURITE_VERSION,
    stop,
  };
}

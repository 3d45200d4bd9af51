import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { RehearsalError } from '../errors';
import { compiledFile } from '../process/compiled';
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
  options.signal?.throwIfAborted();
  const key = randomBytes(64).toString('base64');
  const command = [compiledFile('process/guard.js'), process.execPath, program, ...FLAGS];
  const child = spawn(process.execPath, command, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, AZURITE_ACCOUNTS: `${ACCOUNT}:${key}` },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-20_000);
  });
  const exited = new Promise<undefined>((resolve) => child.once('close', () => resolve(undefined)));
  const stop = async () => {
    child.stdin.end();
    await exited;
  };
  child.stdin.on('error', () => undefined); // it may have ended already
  const abort = () => child.stdin.end();
  options.signal?.addEventListener('abort', abort);
  void exited.then(() => options.signal?.removeEventListener('abort', abort));

  const origin = await Promise.race([
    new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const listens = /listens on (http:\S+)$/.exec(line)?.[1];
        if (listens) resolve(listens);
      });
    }),
    exited,
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), START_SECONDS * 1000).unref()),
  ]);
  if (origin === undefined) {
    await stop();
    options.signal?.throwIfAborted();
    throw new RehearsalError(
      'The emulated Azure Blob Storage (azurite) did not start',
      errors.trim() || `no word from it for ${START_SECONDS} s`,
    );
  }
  const blobEndpoint = `${origin}/${ACCOUNT}`;
  return {
    blobEndpoint,
    account: ACCOUNT,
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${key};BlobEndpoint=${blobEndpoint}`,
    version: AZURITE_VERSION,
    stop,
  };
}

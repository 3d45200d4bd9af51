import { fork } from 'node:child_process';
import { RehearsalError } from '../errors';
import { compiledFile } from '../process/compiled';
import type { Faults } from './faults';
import type { HostConfig, HostMessage, HostRequest, StandInResource } from './messages';

export interface StandIns {
  /** TF_REATTACH_PROVIDERS: with it in its environment, Terraform talks to the stand-ins and `init` skips them. */
  readonly reattach: string;
  /** Replaces the faults planned before, in every stand-in. */
  inject(faults: Faults): Promise<void>;
  /** What was applied and not destroyed. */
  inventory(): Promise<readonly StandInResource[]>;
  stop(): Promise<void>;
}

type Asked = { [K in HostRequest['ask']]: Omit<Extract<HostRequest, { ask: K }>, 'id'> }[HostRequest['ask']];

/**
 * Starts the stand-ins in a process of their own (one that runs Terraform synchronously could not answer it). It ends
 * with `stop()`, or with this process.
 *
 * @throws RehearsalError when a package isn't a prebuilt provider or has no sources
 */
export async function startStandIns(config: HostConfig, signal?: AbortSignal): Promise<StandIns> {
  signal?.throwIfAborted();
  const child = fork(compiledFile('standin/host.js'), [JSON.stringify(config)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-20_000);
  });
  const exited = new Promise<undefined>((resolve) => child.once('exit', () => resolve(undefined)));
  const waiting = new Map<number, (message: HostMessage) => void>();
  const first = new Promise<HostMessage>((resolve) => {
    child.on('message', (message: HostMessage) =>
      'id' in message ? waiting.get(message.id)?.(message) : resolve(message),
    );
  });
  const stop = async () => {
    if (child.connected) child.disconnect();
    await exited;
  };
  signal?.addEventListener('abort', () => void stop());

  const message = await Promise.race([first, exited]);
  if (!message || !('ready' in message)) {
    await stop();
    const told = message && 'failed' in message ? message : undefined;
    throw new RehearsalError(told?.failed ?? 'The stand-in providers did not start', told?.hint ?? errors.trim());
  }
  let lastId = 0;
  const ask = async (question: Asked) => {
    const id = ++lastId;
    const answer = new Promise<HostMessage>((resolve) => waiting.set(id, resolve));
    child.send({ ...question, id });
    const got = await Promise.race([answer, exited]);
    waiting.delete(id);
    if (!got) throw new RehearsalError('The stand-in providers ended before they were stopped', errors.trim());
    return got as { inventory?: readonly StandInResource[] };
  };
  return {
    reattach: message.ready,
    inject: async (faults) => void (await ask({ ask: 'faults', faults })),
    inventory: async () => (await ask({ ask: 'inventory' })).inventory ?? [],
    stop,
  };
}

#!/usr/bin/env node
import cluster from 'node:cluster';
import pino from 'pino';
import { superviseWorkers } from './cluster';
import { loadServerConfig, ServerConfigError } from './config';
import { shortenGarbagePauses } from './garbage-collection';
import { longestRunMs } from './inference/onnx-backend';
import { startServer } from './server';

shortenGarbagePauses();

/**
 * `serve` is what SageMaker starts a container with, and means nothing more.
 *
 * Exit codes: 0 after a signal, 1 when it can't listen, 2 when the argument or the configuration is not valid. A process in which a
 * model's run does not end kills itself after the signal.
 */
async function main(): Promise<void> {
  const [command = 'serve'] = process.argv.slice(2);
  if (command !== 'serve') throw new ServerConfigError([`argument: got "${command}"; allowed is serve, or none`]);
  const config = loadServerConfig(process.env);
  if (config.workers > 1 && cluster.isPrimary) {
    process.exit(await superviseWorkers(config.workers, pino({ level: config.logLevel })));
  }
  // As a container's first process it would not end by a signal that nobody handles, and a start can take its time.
  const abandon = () => exit();
  process.on('SIGTERM', abandon).on('SIGINT', abandon);
  const server = await startServer(config);
  process.off('SIGTERM', abandon).off('SIGINT', abandon);
  const stop = (drain: boolean) => void server.close({ drain }).then(exit);
  // A load balancer stands before a server that gets SIGTERM; before one that gets Ctrl-C sits a person.
  process.on('SIGTERM', () => stop(true));
  process.on('SIGINT', () => stop(false));
}

/** A run longer than that is one that nobody waits for any more. */
const HUNG_MS = 1000;

/** Ends the process, also while a model's run does not end: Node waits for its threads, and can't end one inside a run. */
function exit(): void {
  if (longestRunMs() > HUNG_MS) {
    // So that what is still to be written at the end, such as the log, is.
    process.emit('exit', 0);
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(0);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(error instanceof ServerConfigError ? 2 : 1);
});

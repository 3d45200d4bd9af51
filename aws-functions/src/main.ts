#!/usr/bin/env node
import pino from 'pino';
import { openHandler } from './open-handler';
import { serveInvocations } from './runtime';

/** Exit codes: 1 when the function can't be opened, or the runtime API is gone; 2 outside of Lambda. */
async function main(): Promise<void> {
  const api = process.env.AWS_LAMBDA_RUNTIME_API;
  if (!api) {
    process.stderr.write('AWS_LAMBDA_RUNTIME_API is not set: this program is started by AWS Lambda\n');
    process.exit(2);
  }
  // Written at once: between invocations the process is frozen, with whatever it still holds.
  const logger = pino({ level: process.env.LOG_LEVEL ?? 'info' }, pino.destination({ dest: 1, sync: true }));
  await serveInvocations({ api, logger, open: () => openHandler(process.argv[2], process.env, logger) });
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});

#!/usr/bin/env node
import { run } from './program';

// A reader that stops early, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

run(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
});

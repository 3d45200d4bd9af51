import { EXIT } from './exit-codes';
import { run } from './program';

// A reader that stops early, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

run(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
  // Work that Ctrl-C ended may still be under way, such as a training, which can't be called off.
  if (exitCode === EXIT.interrupted) process.exit();
});

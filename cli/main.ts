import { EXIT } from './exit-codes';
import { run } from './program';

// A reader that stops early, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// The clients are pinned and run on this Node; that later ones won't is no news for who runs a command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

run(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
  // Work that Ctrl-C ended may still be under way, such as a training, which can't be called off.
  if (exitCode === EXIT.interrupted) process.exit();
});

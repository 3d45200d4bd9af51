import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Preloaded into a server: whenever its parent sends a message, it collects all garbage and then sends one back. */
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
process.on('message', () => {
  collect();
  process.send?.('collected');
});

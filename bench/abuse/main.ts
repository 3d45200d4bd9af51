/** `node dist/bench/abuse/main.js [requests] [seed]`: attacks a server of its own, and fails when a bar breaks. */

import { ServerProcess } from '../reliability/server-process';
import { smallStore } from '../reliability/small-store';
import { attack } from './attack';

async function main() {
  const [requests = '50000', seed = `${Date.now() % 2 ** 31}`] = process.argv.slice(2);
  const store = await smallStore();
  const server = await ServerProcess.start({ ...store, environment: { RECOMMENDER_CONSOLE: 'true' } });
  const r = await attack({ server, seed: Number(seed), requests: Number(requests) });
  console.log(r);
  console.log(server.log.slice(0, 3000));
  await server.stop('SIGKILL');
  await store.remove();
}
void main();

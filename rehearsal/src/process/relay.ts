/**
 * `node relay.js <socket> <port> <command> [args]` runs a command while it takes connections on a port of 127.0.0.1 and
 * passes them on to a Unix socket: the way out of a network namespace, whose 127.0.0.1 is another one.
 */
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

const [socket, port, command, ...args] = process.argv.slice(2);
if (!socket || !port || !command) throw new Error('relay: no socket, no port or no command');

createServer((incoming) => {
  const outgoing = connect(socket);
  incoming.pipe(outgoing).pipe(incoming);
  incoming.on('error', () => outgoing.destroy());
  outgoing.on('error', () => incoming.destroy());
}).listen(Number(port), '127.0.0.1', () => {
  spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }).on('exit', (code) => process.exit(code ?? 1));
});

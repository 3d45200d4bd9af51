/**
 * `node guard.js <command> [args]` runs a command in a process group of its own and ends the whole group when its own
 * standard input closes or it is told to end; SIGUSR2 kills the group at once. So nothing that a rehearsal runs survives it, not even its SIGKILL.
 */
import { spawn } from 'node:child_process';

const GRACE_MS = 3000;
const [command, ...args] = process.argv.slice(2);
if (!command) throw new Error('guard: no command');

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });

function signalGroup(signal: NodeJS.Signals) {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

function stop() {
  signalGroup('SIGTERM');
  setTimeout(() => signalGroup('SIGKILL'), GRACE_MS).unref();
}

process.stdin.on('end', stop).on('error', stop).resume();
process.stdin.unref?.();
process.on('SIGUSR2', () => signalGroup('SIGKILL'));
process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', stop);

child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code, signal) => {
  signalGroup('SIGKILL');
  process.exit(code ?? (signal ? 128 : 1));
});

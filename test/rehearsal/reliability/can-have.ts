import { spawnSync } from 'node:child_process';

const runs = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** `test`, or a skip that is counted and printed, where this machine can't have what the test needs. */
export function testWith(part: keyof typeof PARTS): typeof test {
  const [can, how] = PARTS[part];
  if (can()) return test;
  console.warn(`skipped for want of ${part}: ${how}`);
  return test.skip as typeof test;
}

const PARTS = {
  'a C compiler': [() => runs('cc', '--version'), 'apt-get install gcc'],
  haproxy: [
    () => runs('cc', '--version') && (runs('haproxy', '-v') || runs('apt-get', '--version')),
    'apt-get install haproxy gcc',
  ],
  schemathesis: [() => runs('python3', '--version'), 'apt-get install python3 python3-venv'],
  curl: [() => runs('curl', '--version'), 'apt-get install curl'],
  k6: [() => runs('go', 'version'), 'Go builds it: https://go.dev/dl/'],
} as const;

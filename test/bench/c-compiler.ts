import { cCompiler } from '../../bench/c-program';

/** `describe`, or a counted skip that says why where our C programs can't be built. */
export function describeWithCompiler(name: string, tests: () => void): void {
  if (process.platform === 'linux' && cCompiler()) describe(name, tests);
  else {
    process.stderr.write(`skipped: ${name}: needs Linux and a C compiler (cc)\n`);
    describe.skip(name, tests);
  }
}

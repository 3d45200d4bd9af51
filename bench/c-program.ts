import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '@cdktf-recommender/rehearsal';
import { BenchError } from './errors';
import { ROOT } from './repository';

const FLAGS = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror'];
const LIBRARIES = ['-lm'];

const execute = promisify(execFile);

/** What `cc --version` says first; undefined when there is no C compiler. */
export function cCompiler(): string | undefined {
  const { status, stdout } = spawnSync('cc', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

/**
 * The program made of all C files of a folder of `bench/`. Compiled on first use into the user's cache folder, one for
 * each content of the sources and compiler. Two runs that compile it at once each make their own; the last one stays.
 *
 * @param name folder, and name of the program
 * @throws BenchError when this is not Linux, or there is no C compiler, or it refuses the sources
 */
export async function cProgram(name: string): Promise<string> {
  if (process.platform !== 'linux')
    throw new BenchError(`${name} needs epoll, which is Linux's; this is ${process.platform}`);
  const compiler = cCompiler();
  if (!compiler)
    throw new BenchError(`${name} needs a C compiler, and there is no cc on PATH: apt-get install gcc libc6-dev`);
  const folder = join(ROOT, 'bench', name);
  const files = (await readdir(folder)).filter((file) => /\.[ch]$/.test(file)).sort();
  const key = createHash('sha256').update(`${compiler} ${process.arch} ${FLAGS}`);
  for (const file of files) key.update(file).update(await readFile(join(folder, file)));
  const program = join(cacheFolder(), 'bench', `${name}-${key.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;

  await mkdir(join(cacheFolder(), 'bench'), { recursive: true });
  const making = `${program}.${process.pid}.${Date.now()}`;
  const sources = files.filter((file) => file.endsWith('.c')).map((file) => join(folder, file));
  try {
    await execute('cc', [...FLAGS, '-o', making, ...sources, ...LIBRARIES]);
  } catch (error) {
    throw new BenchError(`cc can't compile ${folder}: ${(error as { stderr?: string }).stderr?.trim()}`);
  }
  await rename(making, program);
  return program;
}

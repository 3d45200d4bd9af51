import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RehearsalError } from '../errors';

/** This package's root, the same from `src` and from `dist`. */
export const PACKAGE_ROOT = resolve(__dirname, '..', '..');

/** A program of this package that runs in a process of its own: always the compiled one, also in tests of the sources. */
export function compiledFile(path: string): string {
  const file = join(PACKAGE_ROOT, 'dist', path);
  if (!existsSync(file)) throw new RehearsalError(`${file} does not exist`, 'Build the project first: npm run build');
  return file;
}

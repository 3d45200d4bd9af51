import { basename, dirname, resolve } from 'node:path';

/** The repository's root, the same from the sources, which tests run, and from `dist`. */
export const ROOT = resolve(__dirname, basename(dirname(__dirname)) === 'dist' ? '../..' : '..');

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Text by path below the folder that is written to, with forward slashes. */
export type Files = Readonly<Record<string, string>>;

/** Says in a file that this wrote it, so that it may be replaced or removed. */
export const WRITTEN_BY = 'Written by `recommender manifests';

/** Folders that are written together; another stack, or the same one later, may leave one of them empty. */
const TOGETHER = [
  ['manifests', 'monitoring', 'helm'],
  ['charts/recommender', 'charts/recommender/templates'],
];

/**
 * Writes files, and removes from their folders what an earlier run wrote and this one doesn't. What people put there
 * stays.
 */
export async function writeFiles(out: string, files: Files): Promise<void> {
  for (const path of await leftovers(out, files)) await rm(join(out, path));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), text);
  }
}

/** Paths that are missing, of another text, or left over. */
export async function staleFiles(out: string, files: Files): Promise<string[]> {
  const differs = await Promise.all(
    Object.entries(files).map(async ([path, text]) => (await textOf(join(out, path))) !== text),
  );
  const stale = Object.keys(files).filter((_, i) => differs[i]);
  return [...stale, ...(await leftovers(out, files))].sort();
}

async function leftovers(out: string, files: Files): Promise<string[]> {
  const used = Object.keys(files).map((path) => dirname(path));
  const folders = TOGETHER.filter((group) => group.some((folder) => used.includes(folder))).flat();
  const found: string[] = [];
  for (const folder of folders) {
    const names = await readdir(join(out, folder)).catch(absent([]));
    for (const path of names.map((name) => `${folder}/${name}`).filter((path) => !(path in files))) {
      if (/\.(yaml|json|md|tpl|txt)$/.test(path) && (await textOf(join(out, path)))?.includes(WRITTEN_BY)) {
        found.push(path);
      }
    }
  }
  return found;
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(absent(undefined));
}

function absent<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}

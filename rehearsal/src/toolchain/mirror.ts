import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PLATFORM } from '../standin/mirror';
import { REGISTRY } from '../terraform/provider-address';
import { compareVersions } from './version';

/** A folder that holds providers as `<host>/<namespace>/<name>/…`, from which Terraform installs without a network. */
export interface Mirror {
  readonly folder: string;
  /** Versions for this machine, newest first, by source, e.g. `registry.terraform.io/hashicorp/aws` → `['5.100.0']`. */
  readonly providers: ReadonlyMap<string, readonly string[]>;
}

/** Where a mirror that Terraform doesn't look in by itself is likely to be, at most two folders down. */
const ROOTS = ['/opt', '/usr/local/share', '/usr/share', '/usr/local/lib', '/var/lib'];
const DEPTH = 2;

/**
 * The mirrors on this machine that hold anything for it: the folder given by the user, those that Terraform looks in by
 * itself, and any other under the usual roots.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export async function findMirrors(given?: string, env: NodeJS.ProcessEnv = process.env): Promise<Mirror[]> {
  const home = homedir();
  const dataDirs = [
    env.XDG_DATA_HOME || join(home, '.local', 'share'),
    ...(env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':'),
  ];
  const implied = [
    join(home, '.terraform.d', 'plugins'),
    join(home, 'Library', 'Application Support', 'io.terraform', 'plugins'),
    ...dataDirs.map((folder) => join(folder, 'terraform', 'plugins')),
  ];
  const searched = (await Promise.all(ROOTS.map((root) => mirrorsUnder(root, DEPTH)))).flat();
  const folders = [...new Set([...(given ? [given] : []), ...implied, ...searched])];
  const mirrors = await Promise.all(folders.map(async (folder) => ({ folder, providers: await providersIn(folder) })));
  return mirrors.filter(({ providers }) => providers.size > 0);
}

/** The mirror that has `version` of a provider, or any version when none is asked for. */
export function mirrorOf(mirrors: readonly Mirror[], source: string, version?: string): Mirror | undefined {
  return mirrors.find(({ providers }) => {
    const versions = providers.get(source) ?? [];
    return version ? versions.includes(version) : versions.length > 0;
  });
}

async function mirrorsUnder(folder: string, depth: number): Promise<string[]> {
  const names = await subfolders(folder);
  if (names.includes(REGISTRY)) return [folder];
  if (depth === 0) return [];
  return (await Promise.all(names.map((name) => mirrorsUnder(join(folder, name), depth - 1)))).flat();
}

/** Both layouts: unpacked `<version>/<platform>/` and packed `terraform-provider-<name>_<version>_<platform>.zip`. */
async function providersIn(folder: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const namespace of await subfolders(join(folder, REGISTRY))) {
    for (const name of await subfolders(join(folder, REGISTRY, namespace))) {
      const provider = join(folder, REGISTRY, namespace, name);
      const versions: string[] = [];
      for (const entry of await entries(provider)) {
        const packed = new RegExp(`^terraform-provider-${name}_(.+)_${PLATFORM}\\.zip$`).exec(entry.name)?.[1];
        if (packed) versions.push(packed);
        else if (entry.isDirectory() && (await subfolders(join(provider, entry.name))).includes(PLATFORM))
          versions.push(entry.name);
      }
      if (versions.length > 0)
        found.set(
          `${REGISTRY}/${namespace}/${name}`,
          versions.sort((a, b) => compareVersions(b, a)),
        );
    }
  }
  return found;
}

const entries = (folder: string) => readdir(folder, { withFileTypes: true }).catch(() => []);

async function subfolders(folder: string): Promise<string[]> {
  return (await entries(folder)).filter((e) => e.isDirectory() || e.isSymbolicLink()).map((e) => e.name);
}

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compiledFile } from '../process/compiled';
import { ProviderPackage } from './provider-package';

/** Terraform's name for this machine, e.g. `linux_amd64`. */
export const PLATFORM = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;

/** Lays out a filesystem mirror in which each provider is a script that starts its stand-in; answers the sources in it. */
export async function writeStandInMirror(
  mirror: string,
  providers: readonly { name: string; folder: string }[],
): Promise<string[]> {
  const sources: string[] = [];
  for (const { name, folder } of providers) {
    const { source, version } = new ProviderPackage(folder);
    const target = join(mirror, source, version, PLATFORM);
    await mkdir(target, { recursive: true });
    const file = join(target, `terraform-provider-${name}_v${version}`);
    const words = [process.execPath, compiledFile('standin/plugin.js'), name, folder].map(
      (word) => `'${word.replaceAll("'", `'\\''`)}'`,
    );
    await writeFile(file, `#!/bin/sh\nexec ${words.join(' ')}\n`);
    await chmod(file, 0o755);
    sources.push(source);
  }
  return sources;
}

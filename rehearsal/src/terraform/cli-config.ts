import { type Mirror, mirrorOf } from '../toolchain/mirror';

/** A provider that Terraform installs itself. */
export interface InstalledProvider {
  readonly source: string;
  /** An exact version; undefined when the configuration leaves a choice. */
  readonly version?: string;
}

/**
 * Terraform's CLI configuration: each provider comes from the mirror that has it, and from the registry where none does.
 * A provider gets one place only, because Terraform asks all places it is given and fails when one doesn't answer.
 *
 * @param downloads an existing folder that keeps what comes from the registry
 */
export function cliConfig(
  mirrors: readonly Mirror[],
  providers: readonly InstalledProvider[],
  downloads: string,
): string {
  const bySource = new Map<string, string[]>();
  for (const { source, version } of providers) {
    const mirror = mirrorOf(mirrors, source, version);
    if (mirror) bySource.set(mirror.folder, [...(bySource.get(mirror.folder) ?? []), source]);
  }
  const list = (sources: readonly string[]) => `[${sources.map((source) => JSON.stringify(source)).join(', ')}]`;
  const methods = [...bySource].map(
    ([folder, sources]) =>
      `  filesystem_mirror {\n    path    = ${JSON.stringify(folder)}\n    include = ${list(sources)}\n  }`,
  );
  methods.push(`  direct {\n    exclude = ${list([...bySource.values()].flat())}\n  }`);
  const fromRegistry = providers.length > [...bySource.values()].flat().length;
  const cache = `plugin_cache_dir = ${JSON.stringify(downloads)}\nplugin_cache_may_break_dependency_lock_file = true\n`;
  return `disable_checkpoint = true\n${fromRegistry ? cache : ''}provider_installation {\n${methods.join('\n')}\n}\n`;
}

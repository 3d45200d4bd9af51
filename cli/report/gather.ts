import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import type { Config } from '../../src';
import { synthesizedStack } from '../../src/guards/guard-stacks';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { addStacks } from '../../stacks/add-stacks';
import { UsageError } from '../failure';

/** Stacks that promise something together, as they are deployed. */
export interface SynthesizedGroup {
  readonly name: string;
  readonly stacks: readonly SynthesizedStack[];
}

/**
 * Synthesizes what a config declares, in this process and a folder of its own, without the guards: a report tells of what
 * they refuse, too.
 *
 * @param only names of environments, or `local`
 * @throws UsageError when the config has none of a name
 */
export function gatherGroups(config: Config, only: readonly string[]): SynthesizedGroup[] {
  const outdir = mkdtempSync(join(tmpdir(), 'recommender-report-'));
  try {
    const app = new App({ outdir });
    const groups = addStacks(app, config);
    const names = groups.map(({ name }) => name as string);
    const unknown = only.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new UsageError(`the config has no environment ${unknown}; it has ${names.join(', ')}.`);
    }
    app.synth();
    return groups
      .filter(({ name }) => only.length === 0 || only.includes(name))
      .map(({ name, stacks }) => ({ name, stacks: stacks.map(synthesizedStack) }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

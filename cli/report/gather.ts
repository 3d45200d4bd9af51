import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';
import type { Config } from '../../src';
import { synthesizedStack } from '../../src/guards/guard-stacks';
import type { StackJson } from '../../src/synthesized/stack-json';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { addStacks } from '../../stacks/add-stacks';
import { UsageError } from '../failure';
import { inOutdir } from '../outdir';

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
  return inOutdir((app, outdir) => {
    const groups = addStacks(app, config);
    const names = groups.map(({ name }) => name as string);
    const unknown = only.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new UsageError(`the config has no environment ${unknown}; it has ${names.join(', ')}.`);
    }
    app.synth();
    const written = (stack: TerraformStack): StackJson =>
      JSON.parse(readFileSync(join(outdir, app.manifest.forStack(stack).synthesizedStackPath), 'utf8'));
    return groups
      .filter(({ name }) => only.length === 0 || only.includes(name))
      .map(({ name, stacks }) => ({ name, stacks: stacks.map((stack) => synthesizedStack(stack, written(stack))) }));
  });
}

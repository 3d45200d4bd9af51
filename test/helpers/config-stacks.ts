import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type TerraformStack } from 'cdktf';
import { type Config, ENVIRONMENTS } from '../../src';
import { synthesizedStack } from '../../src/guards/guard-stacks';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { AwsStack } from '../../stacks/aws-stack';
import { AzureStack } from '../../stacks/azure-stack';

const STACKS = { aws: AwsStack, azure: AzureStack } as const;

/** What the clouds' stacks of a config synthesize to, as guards see them, by name. */
export function configStacks(config: Config): Record<string, SynthesizedStack> {
  const outdir = mkdtempSync(join(tmpdir(), 'stacks-'));
  try {
    const app = new App({ outdir });
    const stacks: TerraformStack[] = [];
    for (const environment of ENVIRONMENTS) {
      for (const cloud of ['aws', 'azure'] as const) {
        if (config.environments[environment]?.[cloud]) stacks.push(new STACKS[cloud](app, { config, environment }));
      }
    }
    app.synth();
    return Object.fromEntries(stacks.map((stack) => [stack.node.id, synthesizedStack(stack)]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, EnvironmentName } from '../../src';
import type { StackJson } from '../../src/synthesized/stack-json';
import { AwsStack } from '../../stacks/aws-stack';
import { AzureStack } from '../../stacks/azure-stack';
import { LocalStack } from '../../stacks/local-stack';
import { inOutdir } from '../outdir';

/**
 * Synthesizes one of the config's stacks with its contents, in this process and a folder of its own.
 *
 * @param stack one that the config declares: `aws-prod`, `local`
 */
export function synthesizeStack(config: Config, stack: string): StackJson {
  return inOutdir((app, outdir) => {
    const [cloud, environment] = stack.split('-') as ['aws' | 'azure' | 'local', EnvironmentName];
    if (cloud === 'local') new LocalStack(app, { config });
    else {
      const Stack = { aws: AwsStack, azure: AzureStack }[cloud];
      new Stack(app, { config: withWorkloads(config, cloud, environment), environment });
    }
    app.synth();
    return JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
  });
}

/** Terraform may leave them out because they come from the manifests. */
function withWorkloads(config: Config, cloud: 'aws' | 'azure', name: EnvironmentName): Config {
  const environment = config.environments[name];
  const settings = { ...environment?.[cloud], workloads: 'deploy' };
  return {
    ...config,
    environments: { ...config.environments, [name]: { ...environment, [cloud]: settings } },
  } as Config;
}

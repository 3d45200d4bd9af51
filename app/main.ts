import { Annotations, App } from 'cdktf';
import { ConfigError, ENVIRONMENTS, loadConfig } from '../src';
import { deployNeeds, localDeployNeeds } from '../src/config/deploy-needs';
import { AwsStack } from '../stacks/aws-stack';
import { AzureStack } from '../stacks/azure-stack';
import { LocalStack } from '../stacks/local-stack';

const STACKS = { aws: AwsStack, azure: AzureStack } as const;

try {
  const config = loadConfig(process.env.CDKTF_RECOMMENDER_CONFIG ?? process.cwd());
  const app = new App();
  for (const environment of ENVIRONMENTS) {
    for (const cloud of ['aws', 'azure'] as const) {
      if (!config.environments[environment]?.[cloud]) continue;
      const stack = new STACKS[cloud](app, { config, environment });
      if (config.rehearsal) continue;
      for (const need of deployNeeds(config, environment, cloud)) {
        Annotations.of(stack).addInfo(`a deploy still needs ${need}`);
      }
    }
  }
  if (config.local) {
    const stack = new LocalStack(app, { config });
    if (!config.rehearsal) Annotations.of(stack).addInfo(`a deploy still needs ${localDeployNeeds(config.local)}`);
  }
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

import { Annotations, App } from 'cdktf';
import { ConfigError, ENVIRONMENTS, loadConfig } from '../src';
import { deployNeeds, localDeployNeeds } from '../src/config/deploy-needs';
import { addGuards, addStacks, CLOUDS } from '../stacks/add-stacks';

/** By which cdktf's CLI says that it prints errors itself, those of all stacks at once. */
const PRINTS_ERRORS = 'CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS';

try {
  const config = loadConfig(process.env.CDKTF_RECOMMENDER_CONFIG ?? process.cwd());
  const printErrors = process.env[PRINTS_ERRORS] === undefined;
  process.env[PRINTS_ERRORS] = 'true';
  const app = new App();
  const groups = addStacks(app, config);
  for (const group of groups) addGuards(group);
  const stacks = new Map(groups.flatMap((group) => group.stacks).map((stack) => [stack.node.id, stack]));
  const tellNeed = (name: string, need: string) => {
    const stack = config.rehearsal ? undefined : stacks.get(name);
    if (stack) Annotations.of(stack).addInfo(`a deploy still needs ${need}`);
  };
  for (const environment of ENVIRONMENTS) {
    for (const cloud of CLOUDS) {
      for (const need of deployNeeds(config, environment, cloud)) tellNeed(`${cloud}-${environment}`, need);
    }
  }
  if (config.local) tellNeed('local', localDeployNeeds(config.local));
  app.synth();
  if (printErrors) {
    const annotations = [...stacks.values()].flatMap((stack) => app.manifest.forStack(stack).annotations);
    const errors = annotations.filter(({ level }) => level === '@cdktf/error');
    for (const { constructPath, message } of errors) process.stderr.write(`${constructPath}: ${message}\n`);
    if (errors.length > 0) process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

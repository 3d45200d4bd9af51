import { Annotations, type App } from 'cdktf';
import { type Config, ENVIRONMENTS } from '../src';
import { deployNeeds, localDeployNeeds } from '../src/config/deploy-needs';
import { addGuards, addStacks, CLOUDS } from './add-stacks';

/** What a synth has to say of a construct. */
export interface Told {
  readonly level: 'error' | 'warning' | 'info';
  readonly path: string;
  readonly message: string;
}

/** Variable by which cdktf synthesizes on after an error, so that those of all stacks are told; its own CLI sets it, too. */
export const GO_ON = 'CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS';

const LEVELS: Readonly<Record<string, Told['level']>> = {
  '@cdktf/error': 'error',
  '@cdktf/warn': 'warning',
  '@cdktf/info': 'info',
};

/**
 * Synthesizes the stacks of a config, held to what they promise, and tells what a deploy still needs.
 *
 * @throws Error at the first stack with errors, unless {@link GO_ON} is set
 */
export function synthApp(app: App, config: Config): Told[] {
  const groups = addStacks(app, config);
  addGuards(groups, config);
  const stacks = groups.flatMap((group) => group.stacks);
  for (const stack of stacks) {
    if (config.rehearsal) continue;
    for (const need of needsOf(config, stack.node.id)) Annotations.of(stack).addInfo(`a deploy still needs ${need}`);
  }
  app.synth();
  return stacks.flatMap((stack) =>
    app.manifest.forStack(stack).annotations.map(({ level, constructPath: path, message }) => ({
      level: LEVELS[level] ?? 'info',
      path,
      message,
    })),
  );
}

function needsOf(config: Config, stack: string): string[] {
  if (stack === 'local') return config.local ? [localDeployNeeds(config.local)] : [];
  return ENVIRONMENTS.flatMap((environment) =>
    CLOUDS.flatMap((cloud) => (stack === `${cloud}-${environment}` ? deployNeeds(config, environment, cloud) : [])),
  );
}

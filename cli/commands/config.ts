import { Command, Help } from 'commander';
import type { Setting } from '../../src/config/config-docs';
import type { Told } from '../../stacks/synth-app';
import { EXIT } from '../exit-codes';
import { UsageError } from '../failure';
import { jsonOption } from '../options';
import { Output } from '../output';
import { Progress } from '../progress';

interface ConfigOptions {
  readonly project: string;
  readonly json?: boolean;
}

export function configCommand(): Command {
  return new Command('config')
    .description('the config of the stacks')
    .addCommand(checkCommand())
    .addCommand(explainCommand());
}

function checkCommand(): Command {
  return new Command('check')
    .description('tell all mistakes of the config, what the guards refuse of its stacks, and what a deploy still needs')
    .option('--project <folder>', 'folder with the config', process.cwd())
    .addOption(jsonOption())
    .addHelpText('after', '\nExits with 2 when the config is wrong, and with 1 when a guard refuses a stack.')
    .action(async ({ project, json = false }: ConfigOptions) => {
      const { loadConfig } = await import('../../src/index.js');
      const { inOutdir } = await import('../outdir.js');
      const { GO_ON, synthApp } = await import('../../stacks/synth-app.js');
      const config = loadConfig(project);
      process.env[GO_ON] = 'true';
      const told = await new Progress().step('Synthesize', async () => inOutdir((app) => synthApp(app, config)));
      const errors = told.filter(({ level }) => level === 'error').length;
      new Output(json).result(told, () =>
        [
          ...LEVELS.flatMap((level) => describe(told.filter((one) => one.level === level))),
          errors === 0 ? 'The config is right, and the guards refuse nothing.' : `The guards refuse ${errors} of it.`,
        ].join('\n'),
      );
      if (errors > 0) process.exitCode = EXIT.failed;
    });
}

/** What is told first comes last, where a terminal's eye is. */
const LEVELS = ['info', 'warning', 'error'] as const;
const SIGNS = { error: '✖', warning: '!', info: '·' } as const;

/** A construct's path once, and below it what is told of it. */
function describe(told: readonly Told[]): string[] {
  return [...new Set(told.map(({ path }) => path))].map((path) => {
    const own = told.filter((one) => one.path === path);
    return [path, ...own.map(({ level, message }) => indented(`${SIGNS[level]} ${message}`))].join('\n');
  });
}

function explainCommand(): Command {
  return new Command('explain')
    .description('say what settings are, what they are when left out, and what is allowed')
    .argument('[setting]', 'a setting or a group, such as capacity or environments.prod.aws')
    .addOption(jsonOption())
    .action(async (name: string | undefined, { json = false }: Pick<ConfigOptions, 'json'>) => {
      const { configSettings } = await import('../../src/config/config-docs.js');
      const settings = configSettings();
      const asked = settings.filter(({ path }) => name === undefined || isBelow(path, name));
      if (asked.length === 0) {
        throw new UsageError(`there is no setting ${name}; 'recommender config explain' lists them all.`);
      }
      new Output(json).result(asked, () => asked.map(explained).join('\n\n'));
    });
}

/** `<name>` stands for any. */
function isBelow(path: string, name: string): boolean {
  const [parts, asked] = [path.split('.'), name.split('.')];
  return asked.every((part, index) => parts[index] === part || parts[index] === '<name>');
}

function explained({ path, required, fallback, description, allowed }: Setting): string {
  const without = fallback === undefined ? (required ? 'required' : 'optional') : JSON.stringify(fallback);
  return [`${path} (${without})`, indented(`${description}${allowed ? ` One of ${allowed.join(', ')}.` : ''}`)].join(
    '\n',
  );
}

const INDENT = '    ';
const WIDTH = 80 - INDENT.length;

function indented(text: string): string {
  return new Help().boxWrap(text.replaceAll('`', ''), WIDTH).replace(/^/gm, INDENT);
}

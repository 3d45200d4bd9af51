import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { auditCommand } from './commands/audit';
import { compareCommand } from './commands/compare';
import { configCommand } from './commands/config';
import { dataCommand } from './commands/data';
import { demoCommand } from './commands/demo';
import { doctorCommand } from './commands/doctor';
import { evaluateCommand } from './commands/evaluate';
import { inventoryCommand } from './commands/inventory';
import { keysCommand } from './commands/keys';
import { manifestsCommand } from './commands/manifests';
import { modelCommand } from './commands/model';
import { planCommand } from './commands/plan';
import { rehearseCommand } from './commands/rehearse';
import { reportCommand } from './commands/report';
import { searchCommand } from './commands/search';
import { serveCommand } from './commands/serve';
import { trainCommand } from './commands/train';
import { usersCommand } from './commands/users';
import { EXIT } from './exit-codes';
import { describeFailure } from './failure';

const EXIT_CODES = `
Exit codes:
  ${EXIT.ok}    done
  ${EXIT.failed}    it ran and failed; the message says why
  ${EXIT.usage}    the command line, the config or a file is wrong; nothing was done
  ${EXIT.missing}    this machine lacks something; 'recommender doctor' says how to get it
  ${EXIT.interrupted}  ended by Ctrl-C`;

/** Of the clone or installation that the command runs from: the compiled file is in dist/cli. */
function version(): string {
  return JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')).version;
}

export function program(): Command {
  return new Command('recommender')
    .description('Trains, registers, serves and rehearses the recommender that the stacks deploy.')
    .version(version(), '-V, --version', 'print the version')
    .addCommand(dataCommand())
    .addCommand(trainCommand())
    .addCommand(evaluateCommand())
    .addCommand(searchCommand())
    .addCommand(modelCommand())
    .addCommand(usersCommand())
    .addCommand(keysCommand())
    .addCommand(serveCommand())
    .addCommand(compareCommand())
    .addCommand(configCommand())
    .addCommand(rehearseCommand())
    .addCommand(reportCommand())
    .addCommand(planCommand())
    .addCommand(manifestsCommand())
    .addCommand(auditCommand())
    .addCommand(inventoryCommand())
    .addCommand(doctorCommand())
    .addCommand(demoCommand())
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError();
}

/** Runs the command line and answers the exit code; prints every failure itself. */
export async function run(argv: readonly string[]): Promise<number> {
  const root = program();
  for (const command of everyCommand(root)) command.exitOverride();
  try {
    await root.parseAsync(argv);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const failure = describeFailure(error);
    if (argv.includes('--json')) {
      const { message, hint, code } = failure;
      process.stderr.write(`${JSON.stringify({ error: { message, hint, code } })}\n`);
    } else {
      process.stderr.write(`recommender: ${failure.message}\n${failure.hint ? `  ${failure.hint}\n` : ''}`);
    }
    return failure.exitCode;
  }
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

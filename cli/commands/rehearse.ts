import type { Progress as RehearsalProgress, RehearsalResult } from '@cdktf-recommender/rehearsal';
import { Command, Option } from 'commander';
import { EXIT } from '../exit-codes';
import { MissingError } from '../failure';
import { jsonOption } from '../options';
import { Output } from '../output';
import { type Line, Progress } from '../progress';

interface RehearseCommandOptions {
  readonly project: string;
  readonly until: 'deploy' | 'second plan' | 'inventory';
  readonly mirror?: string;
  readonly controlPlane?: boolean;
  readonly json?: boolean;
}

export function rehearseCommand(): Command {
  return new Command('rehearse')
    .description('deploy, plan again, refuse to destroy, destroy: whole stacks on emulated clouds')
    .argument('[stacks...]', 'stacks, e.g. aws-prod or local', ['aws-prod', 'azure-prod'])
    .option('--project <folder>', 'folder with cdktf.json and the config', process.cwd())
    .addOption(
      new Option('--until <step>', 'last step').choices(['deploy', 'second plan', 'inventory']).default('inventory'),
    )
    .option('--mirror <folder>', 'folder with Terraform providers, besides those that are found')
    .option('--control-plane', 'apply what runs in the cluster to a real Kubernetes too, which Go builds at first')
    .addOption(jsonOption())
    .action(async (stacks: string[], options: RehearseCommandOptions) => {
      const { loadConfig } = await import('../../src/index.js');
      const { formatResult, startControlPlane } = await import('@cdktf-recommender/rehearsal');
      const { checkStacks, rehearseStack } = await import('../rehearsal.js');
      const config = loadConfig(options.project);
      checkStacks(config, stacks);
      const progress = new Progress();
      const abort = new AbortController();
      // Not once: npx hands on a Ctrl-C that the terminal has sent already, and a second one would end this without a cleanup.
      process.on('SIGINT', () => abort.abort());
      process.on('SIGTERM', () => abort.abort());
      await requireTools(stacks, options.mirror);
      const results: RehearsalResult[] = [];
      try {
        for (const stack of stacks) {
          progress.note(`Rehearsing ${stack}`);
          const { project, until, mirror } = options;
          const { signal } = abort;
          const controlPlane = options.controlPlane
            ? await startControlPlane({ signal, onProgress: (line) => progress.note(line) })
            : undefined;
          try {
            const onProgress = showSteps(progress);
            results.push(
              await rehearseStack({ project, config, stack, until, mirror, controlPlane, signal, onProgress }),
            );
          } finally {
            await controlPlane?.stop();
          }
        }
      } catch (error) {
        if (!abort.signal.aborted) throw error;
        progress.note('Everything that was started is stopped.');
        process.exitCode = EXIT.interrupted;
        return;
      }
      // Those that failed come last, where they are read.
      const shown = [...results].sort((a, b) => Number(b.ok) - Number(a.ok));
      new Output(options.json ?? false).result(results, () => shown.map(formatResult).join('\n\n'));
      if (results.some(({ ok }) => !ok)) process.exitCode = EXIT.failed;
    });
}

/** Only AWS has an emulator that needs more than Terraform. */
async function requireTools(stacks: readonly string[], mirror?: string): Promise<void> {
  const { findToolchain } = await import('@cdktf-recommender/rehearsal');
  const { checks } = await findToolchain({ mirror });
  const needed = stacks.some((stack) => stack.startsWith('aws-')) ? checks : checks.filter(isTerraform);
  const missing = needed.filter(({ ok }) => !ok);
  if (missing.length === 0) return;
  throw new MissingError(
    `a rehearsal needs ${missing.map(({ name, found }) => `${name} (${found})`).join(', ')}`,
    missing.map(({ fix }) => fix).join('; '),
  );
}

function isTerraform({ name }: { name: string }): boolean {
  return name === 'terraform';
}

/** Shows a rehearsal's steps as lines of progress, and its resources as the detail of the running one. */
function showSteps(progress: Progress): (event: RehearsalProgress) => void {
  let line: Line | undefined;
  let resources = 0;
  return (event) => {
    switch (event.kind) {
      case 'note':
        progress.note(event.text);
        break;
      case 'step started':
        resources = 0;
        line = progress.begin(`${event.step.charAt(0).toUpperCase()}${event.step.slice(1)}`);
        break;
      case 'step ended':
        if (event.result.ok) line?.succeed();
        else line?.fail();
        break;
      case 'resource':
        if (event.event.action === 'read' || event.event.state !== 'done') break;
        resources++;
        line?.update(`${resources}  ${event.event.address}`);
        break;
    }
  };
}

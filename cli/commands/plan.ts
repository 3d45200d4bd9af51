import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { Command } from 'commander';
import { RequirementError, UsageError } from '../failure';
import { jsonOption } from '../options';
import { Output } from '../output';

interface PlanOptions {
  readonly file: string;
  readonly outdir: string;
  readonly allow: readonly string[];
  readonly drift?: boolean;
  readonly comment?: boolean;
  readonly json?: boolean;
}

export function planCommand(): Command {
  return new Command('plan')
    .description("what a stack's Terraform plan changes, by construct; refuses to lose data")
    .argument('<stack>', 'name of the stack, e.g. aws-prod')
    .option('--file <plan>', "what 'terraform show -json' printed; standard input if left out", '-')
    .option('--outdir <folder>', 'where cdktf synthesized to', 'cdktf.out')
    .option('--allow <addresses...>', 'resources with data that may be destroyed or made anew', [])
    .option('--drift', 'fail when there is anything to change: for what should be as it was deployed')
    .option('--comment', 'print Markdown, for a pull request')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
  cdktf synth && cd cdktf.out/stacks/aws-prod
  terraform init && terraform plan -out=plan
  terraform show -json plan | recommender plan aws-prod --outdir ../..

Exits with 1 when the plan destroys or makes anew what holds data and --allow
doesn't name it, or with --drift when there is anything to change.`,
    )
    .action(async (stack: string, { file, outdir, allow, drift, comment, json }: PlanOptions) => {
      const { parsePlan } = await import('../plan/terraform-plan.js');
      const { plannedChanges, changedOutside } = await import('../plan/planned-changes.js');
      const { planComment, planText, counts } = await import('../plan/plan-text.js');
      const paths = await constructPaths(stack, outdir);
      if (file === '-' && process.stdin.isTTY)
        throw new UsageError(
          "there is no plan on the input; pipe in what 'terraform show -json <plan>' prints, or name a --file.",
        );
      const plan =
        file === '-'
          ? parsePlan(await readAll(process.stdin), 'the input')
          : parsePlan(await readFile(file, 'utf8'), file);
      const changes = plannedChanges(plan, paths);
      const summary = { stack, changes, changedOutside: changedOutside(plan, paths) };
      if (comment) process.stdout.write(planComment(summary));
      else new Output(json ?? false).result(summary, () => planText(summary));
      const lost = changes.filter(({ losesData, address }) => losesData && !allow.includes(address));
      if (lost.length > 0)
        throw new RequirementError(
          `the plan loses data: ${lost.map(({ action, address }) => `it would ${action} ${address}`).join('; ')}.`,
          `Find out why; if it is meant, --allow ${lost.map(({ address }) => address).join(' ')}`,
        );
      if (drift && changes.length > 0)
        throw new RequirementError(
          `${stack} is not as it was deployed: ${counts(changes)}.`,
          'Deploy it again, or take what was changed into the config.',
        );
    });
}

/** Construct paths of a synthesized stack, by address. */
async function constructPaths(stack: string, outdir: string): Promise<Map<string, string>> {
  const { SynthesizedStack } = await import('../../src/synthesized/synthesized-stack.js');
  const file = join(outdir, 'stacks', stack, 'cdk.tf.json');
  if (!existsSync(file))
    throw new UsageError(`there is no ${file}; 'cdktf synth ${stack}' writes it, --outdir says where to.`);
  const { resources } = new SynthesizedStack(stack, JSON.parse(await readFile(file, 'utf8')));
  return new Map(resources.map(({ address, path }) => [address, path]));
}

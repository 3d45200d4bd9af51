import { Command } from 'commander';
import { EXIT } from '../exit-codes';
import type { Inventory } from '../inventory/compare';
import type { StateResource } from '../inventory/state';
import { jsonOption, regionOption } from '../options';
import { Output, table } from '../output';

interface InventoryOptions {
  readonly region: string;
  readonly project: string;
  readonly environment: string;
  readonly state: readonly string[];
  readonly json?: boolean;
}

export function inventoryCommand(): Command {
  return new Command('inventory')
    .description("find what an account has with an environment's tags, and hold it against Terraform's states")
    .addOption(regionOption())
    .requiredOption('--project <name>', "the resources' tag 'project', as in the config")
    .requiredOption('--environment <name>', "their tag 'environment', e.g. prod")
    .requiredOption('--state <places...>', 'states that know them: files, or s3://bucket/key')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Exits with 1 when there are orphans, or something of a state is gone.
Credentials come from the AWS SDK: it only reads. A region is asked for at a
time; what is global, such as a CDN or IAM's roles, answers in us-east-1.`,
    )
    .action(async ({ region, project, environment, state, json = false }: InventoryOptions) => {
      const { standardTags } = await import('../../src/index.js');
      const { compare } = await import('../inventory/compare.js');
      const { GLOBAL_REGION, readState } = await import('../inventory/state.js');
      const { taggedResources } = await import('../inventory/tagged-resources.js');
      const { taggedRoles } = await import('../inventory/tagged-roles.js');
      // Whose they are may change without their being others.
      const { owner, ...tags } = standardTags({ project, environment, owner: '' }) as Record<string, string>;
      const states = (await Promise.all(state.map(readState))).flat();
      async function* tagged() {
        yield* taggedResources(region, tags);
        if (region === GLOBAL_REGION) yield* taggedRoles(region, tags);
      }
      const found = await compare({ states, tagged: tagged(), tags, region });
      new Output(json).result({ region, tags, ...found }, () => describe(found));
      if (found.orphans.length > 0 || found.gone.length > 0) process.exitCode = EXIT.failed;
    });
}

function describe({ known, orphans, madeByServices, gone, unseen }: Inventory): string {
  const parts = [
    `${known} resources are in the account and in a state.`,
    orphans.length > 0 &&
      `${orphans.length} orphans: they have the tags, and no state knows them. A key in its deletion window is one until it is deleted.\n${lines(orphans)}`,
    gone.length > 0 && `${gone.length} are in a state and not in the account:\n${resources(gone)}`,
    madeByServices.length > 0 &&
      `${madeByServices.length} were made by services that the stacks use, and go with them:\n${lines(madeByServices)}`,
    unseen.length > 0 &&
      `${unseen.length} are in a state; AWS did not answer for their types by tags, so whether they exist is not known:\n${resources(unseen)}`,
  ];
  return parts.filter(Boolean).join('\n\n');
}

function lines(arns: readonly string[]): string {
  return arns.map((arn) => `  ${arn}`).join('\n');
}

function resources(found: readonly StateResource[]): string {
  const rows = found.map(({ address, arn }) => [`  ${address}`, arn]);
  return table(['  resource', 'ARN'], rows);
}

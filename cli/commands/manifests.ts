import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { StackContents } from '../../src/synthesized/stack-contents';
import type { StackJson } from '../../src/synthesized/stack-json';
import { StaleError, UsageError } from '../failure';
import type { GivenValues } from '../manifests/known-values';
import { jsonOption } from '../options';
import { Output } from '../output';
import { Progress } from '../progress';

interface ManifestsOptions {
  readonly project: string;
  readonly out: string;
  readonly chart?: boolean;
  readonly check?: boolean;
  readonly image?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly state?: string;
  readonly json?: boolean;
}

export function manifestsCommand(): Command {
  return new Command('manifests')
    .description('what a stack has in its cluster as plain YAML or as a Helm chart, for who deploys without Terraform')
    .argument('[stack]', 'stack, e.g. aws-prod', 'local')
    .option('--project <folder>', 'folder with the config', process.cwd())
    .option('--out <folder>', 'folder to write to', '.')
    .option('--chart', 'write charts/recommender, not manifests/, monitoring/ and helm/')
    .option('--check', 'write nothing; fail when what is there is of another config')
    .option('--image <name>', 'image of the model server, by digest')
    .option('--state <file>', "the deployed stack's state, for what only its cloud knows")
    .option('--set <address=value>', 'one of these values instead; can be repeated', setting)
    .addOption(jsonOption())
    .addHelpText('after', "\nThe state is what 'terraform state pull' prints. docs/manifests.md has more.")
    .action(async (stack: string, options: ManifestsOptions) => {
      const { loadConfig } = await import('../../src/index.js');
      const { checkStacks } = await import('../rehearsal.js');
      const { readState } = await import('../manifests/known-values.js');
      const { synthesizeStack } = await import('../manifests/synthesize-stack.js');
      const { staleFiles, writeFiles } = await import('../manifests/written-files.js');
      const config = loadConfig(options.project);
      checkStacks(config, [stack]);
      const { out, chart = false, check = false } = options;
      const progress = new Progress();
      const given: GivenValues = {
        set: { ...options.set, ...(options.image !== undefined && { 'var.image': options.image }) },
        state: options.state === undefined ? undefined : await readState(options.state),
      };
      const synthesized = await progress.step(`Synthesize ${stack}`, () => synthesizeStack(config, stack));
      const files = await (chart ? chartOf : yamlOf)(stack, synthesized, given);
      const result = { stack, out, files: Object.keys(files).sort() };
      if (check) {
        const stale = await staleFiles(out, files);
        if (stale.length > 0) throw new StaleError(stale, command(stack, options));
      } else {
        await progress.step(`Write to ${out}`, () => writeFiles(out, files));
      }
      new Output(options.json ?? false).result(result, () =>
        check ? `${result.files.length} files are as ${stack} is.` : result.files.join('\n'),
      );
    });
}

async function yamlOf(stack: string, synthesized: StackJson, given: GivenValues) {
  const { plainYaml } = await import('../manifests/plain-yaml.js');
  return plainYaml(stack, await wholeContents(stack, synthesized, given));
}

/** @throws UsageError naming every value that is missing, and where it comes from */
async function wholeContents(stack: string, synthesized: StackJson, given: GivenValues): Promise<StackContents> {
  const { knownContents } = await import('../manifests/known-values.js');
  const { written } = await import('../../src/synthesized/expressions.js');
  const missing = new Set<string>();
  const contents = knownContents(synthesized, given, (address) => {
    missing.add(written(address));
    return '';
  });
  const cloud = [...missing].filter((address) => address !== 'var.image');
  const needs = [
    ...(missing.has('var.image') ? ['--image'] : []),
    ...(cloud.length > 0 ? [`--state, or --set for ${cloud.join(', ')}`] : []),
  ];
  if (needs.length === 0) return contents;
  throw new UsageError(`the manifests of ${stack} need values that its config lacks: ${needs.join('; ')}.`);
}

async function chartOf(stack: string, synthesized: StackJson, given: GivenValues) {
  const { applicationChart } = await import('../manifests/application-chart.js');
  const { unknownValue } = await import('../manifests/chart-values.js');
  const { knownContents } = await import('../manifests/known-values.js');
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8'));
  return applicationChart(stack, version, knownContents(synthesized, given, unknownValue));
}

/** What writes what a check found to be stale. */
function command(stack: string, { out, chart }: ManifestsOptions): string {
  const flags = [...(out === '.' ? [] : [`--out ${out}`]), ...(chart ? ['--chart'] : [])];
  return ['npx recommender manifests', ...(stack === 'local' ? [] : [stack]), ...flags].join(' ');
}

function setting(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, address, value] = /^((?:data\.|var\.)?[\w.[\]-]+)=(.*)$/s.exec(text) ?? [];
  if (address === undefined || value === undefined) {
    throw new InvalidArgumentError('allowed is an address and a value, such as aws_s3_bucket.Models.bucket=models.');
  }
  return { ...before, [address]: value };
}

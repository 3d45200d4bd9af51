import { readFile, writeFile } from 'node:fs/promises';
import { Argument, Command } from 'commander';
import type { Config } from '../../src';
import { UsageError } from '../failure';
import { jsonOption, PROMETHEUS_TOKEN, wholeNumber } from '../options';
import { Output } from '../output';
import { Progress } from '../progress';
import type { Change } from '../report/comparison';
import type { SynthesizedGroup } from '../report/gather';
import { type ConfigReportName, REPORTS, type Report, type ReportDocument, type ReportName } from '../report/report';
import type { UsageOptions } from '../usage/usage-of-cluster';

interface ReportOptions {
  readonly project: string;
  readonly environment?: string[];
  readonly html?: string;
  readonly base?: string;
  readonly comment?: boolean;
  readonly prometheus?: string;
  readonly days: number;
  readonly patch?: string;
  readonly usageFile?: string;
  readonly json?: boolean;
}

export function reportCommand(): Command {
  return new Command('report')
    .description('what the stacks of a config are made of, promise and cost, and what a cluster of theirs uses')
    .addArgument(new Argument('[what]', 'one report, or all').choices([...REPORTS, 'usage', 'all']).default('all'))
    .option('--project <folder>', 'folder with the config', process.cwd())
    .option('--environment <names...>', 'environments, or local; all that the config has if left out')
    .option('--html <file>', 'write one page with charts and diagrams, which needs nothing else')
    .option('--base <file>', 'an earlier report as JSON; tells what changed since')
    .option('--usage-file <file>', 'write what is assumed of the month of one environment, for Infracost')
    .option('--comment', 'print what changed since --base as Markdown, for a pull request')
    .option('--prometheus <url>', "a cluster's Prometheus, for usage: what is requested, and what is used")
    .option('--days <number>', 'days that usage looks back', wholeNumber(1, 90), 7)
    .option('--patch <file>', 'write the sizes that usage advises, as JSON of the config')
    .addOption(jsonOption())
    .addHelpText('after', `\nA token for Prometheus is taken from ${PROMETHEUS_TOKEN}.`)
    .action(async (what: ReportName | 'all', options: ReportOptions, command: Command) => {
      refuseLoneOptions(what, options, command);
      const { prometheus, days } = options;
      const { loadConfig } = await import('../../src/index.js');
      const { gatherGroups } = await import('../report/gather.js');
      const progress = new Progress();
      const config = loadConfig(options.project);
      const groups = await progress.step('Synthesize', async () => gatherGroups(config, options.environment ?? []));
      const document: ReportDocument = {
        date: new Date().toISOString().slice(0, 10),
        stacks: groups.flatMap(({ stacks }) => stacks.map(({ name }) => name)),
        reports: [
          ...(what === 'usage'
            ? []
            : await progress.step('Count and compare', () =>
                reportsOn(groups, config, what === 'all' ? REPORTS : [what]),
              )),
          ...(prometheus === undefined
            ? []
            : [await progress.step('Ask Prometheus', () => usageOf(groups, config, { prometheus, days }))]),
        ],
      };
      if (options.patch !== undefined) await writePatch(options.patch, document.reports);
      if (options.usageFile !== undefined) await writeUsage(options.usageFile, groups, config);
      const base = options.base === undefined ? undefined : await readBase(options.base);
      const { compare, commentOn } = await import('../report/comparison.js');
      const changes = base && compare(base, document);
      if (options.html !== undefined) await writePage(options.html, document, groups, changes);
      if (base && changes && options.comment) {
        process.stdout.write(commentOn(changes, base));
        return;
      }
      const { changesText, toText } = await import('../report/text.js');
      new Output(options.json ?? false).result(document, () =>
        [
          ...document.reports.map(toText),
          ...(base && changes ? [`Since ${base.date}\n${changesText(changes)}`] : []),
        ].join('\n\n\n'),
      );
    });
}

/** Options that need another, or another report. */
function refuseLoneOptions(what: string, { comment, base, prometheus, patch }: ReportOptions, command: Command): void {
  if (comment && base === undefined) command.error('error: --comment needs --base');
  if (what === 'usage' && prometheus === undefined) command.error('error: usage needs --prometheus');
  if (patch !== undefined && prometheus === undefined) command.error('error: --patch needs --prometheus');
  if (prometheus === undefined || what === 'usage' || what === 'all') return;
  command.error('error: --prometheus is for usage, or all');
}

async function reportsOn(
  groups: readonly SynthesizedGroup[],
  config: Config,
  names: readonly ConfigReportName[],
): Promise<Report[]> {
  const { Budget, ServiceLevelObjective } = await import('../../src/index.js');
  const { inventoryReport } = await import('../report/inventory-report.js');
  const { costReport } = await import('../report/cost-report.js');
  const { comparisonReport } = await import('../report/comparison-report.js');
  const pages = await import('../report/promise-reports.js');
  const stacks = groups.flatMap((group) => group.stacks);
  // Nobody promises anything of a cluster that is somebody else's.
  const clouds = groups.filter(({ name }) => name !== 'local');
  const ofClouds = clouds.flatMap((group) => group.stacks);
  const slo = new ServiceLevelObjective(config.slo);
  const make: Readonly<Record<ConfigReportName, () => Report>> = {
    inventory: () => inventoryReport(stacks),
    cost: () => costReport(clouds, config, new Budget(config.budget)),
    availability: () => pages.availabilityPage(clouds, config, slo),
    latency: () => pages.latencyPage(slo),
    capacity: () => pages.capacityPage(ofClouds, config),
    comparison: () => comparisonReport(clouds, config, slo.latency),
    security: () => pages.securityPage(stacks, config.security),
  };
  return names.map((name) => make[name]());
}

async function usageOf(groups: readonly SynthesizedGroup[], config: Config, options: UsageOptions): Promise<Report> {
  const { usageOfCluster } = await import('../usage/usage-of-cluster.js');
  return usageOfCluster(groups, config, options);
}

/** What nothing is advised for stays as it is: JSON that changes nothing. */
async function writePatch(file: string, reports: readonly Report[]): Promise<void> {
  await writeFile(file, reports.find(({ patch }) => patch)?.patch?.text ?? '{}\n');
}

async function writeUsage(file: string, groups: readonly SynthesizedGroup[], config: Config): Promise<void> {
  const [group, another] = groups.filter(({ name }) => name !== 'local');
  if (!group || another) {
    throw new UsageError(
      '--usage-file is of one environment, whose addresses others have too; name it by --environment.',
    );
  }
  const { stringify } = await import('yaml');
  const { CapacityPlan } = await import('../../src/index.js');
  const { billOf } = await import('../../src/cost/bill.js');
  const { infracostUsage } = await import('../../src/cost/infracost-usage.js');
  const bill = billOf(group.stacks, { capacity: new CapacityPlan(config.capacity), ...config.cost });
  await writeFile(file, stringify(infracostUsage(bill)));
}

async function readBase(file: string): Promise<ReportDocument> {
  const { parseDocument } = await import('../report/comparison.js');
  return parseDocument(await readFile(file, 'utf8'), file);
}

async function writePage(
  file: string,
  document: ReportDocument,
  groups: readonly SynthesizedGroup[],
  changes: readonly Change[] | undefined,
): Promise<void> {
  const { toHtml } = await import('../report/html.js');
  const { diagramsOf } = await import('../report/diagrams-page.js');
  await writeFile(file, toHtml({ document, diagrams: groups.flatMap(({ stacks }) => diagramsOf(stacks)), changes }));
}

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { TrainResult } from '@cdktf-recommender/trainer';
import { Command } from 'commander';
import { checkRequirements, type MetricRequirement, requireOption } from '../metric-requirement';
import { channelOption, cutOption, dataOption, jsonOption, modelOption, storeOption } from '../options';
import { Output, table } from '../output';
import { Progress } from '../progress';
import { userName } from '../user-name';

export interface TrainCommandOptions {
  readonly data: string;
  readonly store: string;
  readonly model: string;
  readonly channel: string;
  readonly promote?: boolean;
  readonly require?: readonly MetricRequirement[];
  /** First day of the test period, YYYY-MM-DD. */
  readonly cut?: string;
  readonly json?: boolean;
}

export function trainCommand(): Command {
  return new Command('train')
    .description('train, evaluate and register a model version')
    .addOption(dataOption())
    .addOption(storeOption())
    .addOption(modelOption())
    .addOption(channelOption())
    .addOption(cutOption())
    .option('--promote', 'point the channel to the new version')
    .addOption(requireOption())
    .addOption(jsonOption())
    .action(async (options: TrainCommandOptions) => {
      const { version, result } = await trainAndRegister(options, new Progress());
      const { evaluation, account, run, seconds, peakRssBytes } = result;
      const value = {
        version,
        metrics: result.draft.manifest.metrics,
        account,
        timings: run.timings,
        seconds,
        peakRssBytes,
      };
      new Output(options.json ?? false).result(value, () =>
        describeTraining(version, { evaluation, seconds, peakRssBytes }),
      );
    });
}

/** Trains, registers and, when asked to, promotes; shows each step. */
export async function trainAndRegister(
  options: TrainCommandOptions,
  progress: Progress,
): Promise<{ version: string; result: TrainResult }> {
  const { train } = await import('@cdktf-recommender/trainer');
  const { openModelRegistry } = await import('@cdktf-recommender/model-registry');
  const registry = await openModelRegistry(options.store, options.model);
  const result = await progress.events<TrainResult>((onProgress) =>
    train({ data: options.data, model: options.model, cut: options.cut }, onProgress),
  );
  const version = await progress.step(
    `Register in ${options.store}`,
    async () => {
      const registered = await registry.register(result.draft);
      const by = userName();
      await registry.recordRun({
        ...result.run,
        id: randomUUID(),
        version: registered,
        by,
        revision: await codeRevision(),
      });
      if (options.promote) {
        checkRequirements(registered, result.draft.manifest, options.require ?? []);
        await registry.promote(options.channel, registered, { by });
      }
      return registered;
    },
    (registered) => `${registered.slice(0, 12)}${options.promote ? `, ${options.channel} points to it` : ''}`,
  );
  return { version, result };
}

/** The quality beside popularity's, with intervals, and what the training took. */
export function describeTraining(
  version: string,
  { evaluation, seconds, peakRssBytes }: Pick<TrainResult, 'evaluation' | 'seconds' | 'peakRssBytes'>,
): string {
  const { model, popular } = evaluation;
  const rows = Object.entries(model.metrics).map(([name, metric]) => [
    name,
    metric.value.toFixed(4),
    metric.low === metric.high ? '' : `[${metric.low.toFixed(4)}, ${metric.high.toFixed(4)}]`,
    popular.metrics[name]?.value.toFixed(4) ?? '',
  ]);
  return [
    table(['METRIC', 'MODEL', '95 % INTERVAL', 'POPULAR, 28 DAYS'], rows),
    `${model.customers.toLocaleString('en')} test customers; ${seconds.toFixed(1)} s and ${Math.round(peakRssBytes / 2 ** 20).toLocaleString('en')} MiB at most`,
    `version ${version}`,
  ].join('\n');
}

/** The commit of the code that trains; null outside a checkout. */
async function codeRevision(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: __dirname });
    return stdout.trim();
  } catch {
    return null;
  }
}

import type { Channel, Manifest, ModelRegistry, Rollout } from '@cdktf-recommender/model-registry';
import { Command } from 'commander';
import { checkRequirements, type MetricRequirement, requireOption } from '../metric-requirement';
import { channelOption, jsonOption, modelOption, storeOption } from '../options';
import { Output, table } from '../output';
import { userName } from '../user-name';
import { edgePackCommand, edgePushCommand } from './model-edge';

interface RegistryOptions {
  readonly store: string;
  readonly model: string;
  readonly json?: boolean;
}

interface MoveOptions extends RegistryOptions {
  readonly channel: string;
  readonly by: string;
}

export function modelCommand(): Command {
  return new Command('model')
    .description('What is in the registry, and which version each channel serves.')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(promoteCommand())
    .addCommand(rollbackCommand())
    .addCommand(rolloutsCommand())
    .addCommand(edgePackCommand())
    .addCommand(edgePushCommand());
}

function listCommand(): Command {
  return registryCommand('list', 'versions with their quality, and the channels that point to them').action(
    async (options: RegistryOptions) => {
      const registry = await open(options);
      const channels = [...(await registry.channels())];
      const runs = await registry.runs();
      const versions = await Promise.all(
        (await registry.versions()).map(async (version) => ({
          version,
          algorithm: (await registry.manifest(version)).algorithm.name,
          metrics: (await registry.manifest(version)).metrics,
          trainedAt: runs.find((run) => run.version === version)?.finishedAt ?? null,
          channels: channels.filter(([, channel]) => channel.version === version).map(([name]) => name),
        })),
      );
      versions.sort((a, b) => (b.trainedAt ?? '').localeCompare(a.trainedAt ?? ''));
      new Output(options.json ?? false).result(versions, () =>
        versions.length === 0
          ? `No version of "${options.model}" in ${registry.store.url}. 'recommender train' makes one.`
          : table(
              ['VERSION', 'ALGORITHM', 'NDCG@20', 'TRAINED', 'CHANNELS'],
              versions.map((row) => [
                row.version.slice(0, 12),
                row.algorithm,
                row.metrics['ndcg@20']?.value.toFixed(4) ?? '-',
                row.trainedAt?.slice(0, 16).replace('T', ' ') ?? '-',
                row.channels.join(', '),
              ]),
            ),
      );
    },
  );
}

function showCommand(): Command {
  return registryCommand('show', 'one version: how it was made, how good it is, what it is made of')
    .argument('<version>', 'version, its first 6 or more digits, or a channel')
    .action(async (reference: string, options: RegistryOptions) => {
      const registry = await open(options);
      const version = await registry.resolve(reference);
      const manifest = await registry.manifest(version);
      const runs = (await registry.runs()).filter((run) => run.version === version);
      new Output(options.json ?? false).result({ version, manifest, runs }, () => describe(version, manifest));
    });
}

function promoteCommand(): Command {
  return moveCommand('promote', 'point a channel to a version; every byte of it is checked first')
    .argument('<version>', 'version, its first 6 or more digits, or another channel')
    .addOption(requireOption())
    .action(async (reference: string, options: MoveOptions & { require: readonly MetricRequirement[] }) => {
      const registry = await open(options);
      const version = await registry.resolve(reference);
      checkRequirements(version, await registry.manifest(version), options.require);
      report(await registry.promote(options.channel, version, { by: options.by }), options);
    });
}

function rollbackCommand(): Command {
  return moveCommand('rollback', 'point a channel back to the version it had before').action(
    async (options: MoveOptions) => {
      const registry = await open(options);
      report(await registry.rollback(options.channel, { by: options.by }), options);
    },
  );
}

function rolloutsCommand(): Command {
  return registryCommand('rollouts', "how each cluster gets on with a channel's version")
    .addOption(channelOption())
    .action(async (options: RegistryOptions & { readonly channel: string }) => {
      const registry = await open(options);
      const rollouts = [...(await registry.rollouts.all(options.channel))];
      const rows = rollouts.map(([cluster, rollout]) => ({ cluster, ...rollout }));
      new Output(options.json ?? false).result(rows, () =>
        rows.length === 0
          ? `No cluster told of "${options.channel}" yet: none has a follower, or nothing was promoted.`
          : table(['CLUSTER', 'VERSION', 'VERDICT', 'SINCE', 'REASON'], rows.map(rolloutRow)),
      );
    });
}

function rolloutRow({ cluster, version, verdict, at, reason }: Rollout & { readonly cluster: string }): string[] {
  return [cluster, version.slice(0, 12), verdict, at.slice(0, 16).replace('T', ' '), reason];
}

function registryCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(storeOption())
    .addOption(modelOption())
    .addOption(jsonOption());
}

function moveCommand(name: string, description: string): Command {
  return registryCommand(name, description)
    .addOption(channelOption())
    .option('--by <name>', 'who does it, for the record', userName());
}

async function open(options: RegistryOptions): Promise<ModelRegistry> {
  const { openModelRegistry } = await import('@cdktf-recommender/model-registry');
  return openModelRegistry(options.store, options.model);
}

function report(channel: Channel, options: MoveOptions): void {
  new Output(options.json ?? false).result({ channel: options.channel, ...channel }, () => {
    const before = channel.previous ? `, before ${channel.previous.slice(0, 12)}` : '';
    return `${options.channel} is now ${channel.version.slice(0, 12)}${before}`;
  });
}

function describe(version: string, manifest: Manifest): string {
  const { dataset, evaluation, algorithm } = manifest;
  const rows = [
    ['version', version],
    ['algorithm', algorithm.name],
    ...Object.entries(algorithm.parameters).map(([name, value]) => [`  ${name}`, String(value)]),
    ['dataset', `${dataset.name}, ${dataset.from.slice(0, 10)} to ${dataset.to.slice(0, 10)}`],
    ['', `${dataset.interactions.toLocaleString('en')} purchases, ${dataset.customers.toLocaleString('en')} customers`],
    ['', `${dataset.items.toLocaleString('en')} items`],
    ['evaluation', `cut ${evaluation.cut}, ${evaluation.customers.toLocaleString('en')} customers`],
    ...Object.entries(manifest.metrics).map(([name, metric]) => [
      `  ${name}`,
      `${metric.value.toFixed(4)}  [${metric.low.toFixed(4)}, ${metric.high.toFixed(4)}]`,
    ]),
    ...Object.entries(manifest.files).map(([name, file]) => [
      name,
      `${file.bytes.toLocaleString('en')} bytes, sha256 ${file.sha256.slice(0, 12)}`,
    ]),
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(24)}${value}`).join('\n');
}

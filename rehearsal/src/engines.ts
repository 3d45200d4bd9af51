import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RehearsalError } from './errors';
import { type Moto, startMoto } from './moto/server';
import { findProviderPackage, ProviderPackage } from './standin/provider-package';
import { type StandIns, startStandIns } from './standin/start';
import { cliConfig } from './terraform/cli-config';
import {
  allowedAccount,
  type Configuration,
  exactVersion,
  overrideAwsProviders,
  type RequiredProvider,
  requiredProviders,
} from './terraform/synthesized';
import type { Workspace } from './terraform/workspace';
import { cacheFolder } from './toolchain/cache-folder';
import { mirrorOf } from './toolchain/mirror';
import { AWS_PROVIDER, type Toolchain } from './toolchain/toolchain';

/** What serves a provider in a rehearsal. */
export type Engine = 'real' | 'stand-in';

export interface ProviderEngine extends RequiredProvider {
  readonly engine: Engine;
  /** The version that is served: a stand-in has its package's, whatever the constraint says. */
  readonly version: string;
}

/** What a rehearsal of one stack runs against. */
export interface Engines {
  readonly providers: readonly ProviderEngine[];
  /** There when the stack uses the real AWS provider. */
  readonly moto?: Moto;
  readonly standIns?: StandIns;
  /** Writes what points the synthesized stack at the emulator; cdktf's synth writes the stack anew. */
  connect(configuration: Configuration): Promise<void>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly project: string;
  /** What serves the AWS provider. @default 'real' */
  readonly aws?: Engine;
  readonly signal?: AbortSignal;
  readonly onProgress?: (line: string) => void;
}

/**
 * Starts an engine for each provider of a stack: the real AWS provider on an emulated AWS, stand-ins for the others.
 *
 * @throws RehearsalError when one can't be had
 */
export async function startEngines(
  configuration: Configuration,
  workspace: Workspace,
  toolchain: Toolchain,
  options: EngineOptions,
): Promise<Engines> {
  const providers = requiredProviders(configuration).map((provider): ProviderEngine => {
    const real = provider.source === AWS_PROVIDER && options.aws !== 'stand-in';
    if (real) return { ...provider, engine: 'real', version: provider.constraint ?? '' };
    const { version } = new ProviderPackage(packageFolder(options.project, provider.name));
    return { ...provider, engine: 'stand-in', version };
  });
  const real = providers.filter(({ engine }) => engine === 'real');
  checkMirrors(real, toolchain);
  const downloads = join(cacheFolder(), 'terraform-providers');
  await mkdir(downloads, { recursive: true });
  const installed = real.map(({ source, constraint }) => ({ source, version: exactVersion(constraint) }));
  await workspace.writeCliConfig(cliConfig(toolchain.mirrors, installed, downloads));

  const packages = providers
    .filter(({ engine }) => engine === 'stand-in')
    .map(({ name }) => ({ name, folder: packageFolder(options.project, name) }));
  const { signal, onProgress } = options;
  const [moto, standIns] = await startAll(
    real.length > 0 ? startMoto({ accountId: allowedAccount(configuration), signal, onProgress }) : undefined,
    packages.length > 0
      ? startStandIns({ providers: packages, outputFolder: workspace.outputFolder }, signal)
      : undefined,
  );
  workspace.setEnvironment({
    ...(standIns ? { TF_REATTACH_PROVIDERS: standIns.reattach } : {}),
    ...(moto
      ? {
          AWS_ENDPOINT_URL: moto.endpoint,
          AWS_ACCESS_KEY_ID: 'rehearsal',
          AWS_SECRET_ACCESS_KEY: 'rehearsal',
          AWS_EC2_METADATA_DISABLED: 'true',
        }
      : {}),
  });
  return {
    providers,
    moto,
    standIns,
    connect: (synthesized) => (moto ? overrideAwsProviders(workspace.stackFolder, synthesized) : Promise.resolve()),
    stop: async () => {
      await Promise.all([moto?.stop(), standIns?.stop()]);
    },
  };
}

/** Waits for both to settle, so that the one that started is stopped when the other fails. */
async function startAll(
  moto?: Promise<Moto>,
  standIns?: Promise<StandIns>,
): Promise<[Moto | undefined, StandIns | undefined]> {
  const [first, second] = await Promise.allSettled([moto, standIns]);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  if (first.status === 'fulfilled') await first.value?.stop();
  if (second.status === 'fulfilled') await second.value?.stop();
  throw first.status === 'rejected' ? first.reason : (second as PromiseRejectedResult).reason;
}

function checkMirrors(real: readonly ProviderEngine[], { mirrors }: Toolchain): void {
  for (const { source, constraint } of real) {
    const exact = exactVersion(constraint);
    const mirror = mirrorOf(mirrors, source);
    if (exact && mirror && !mirrorOf(mirrors, source, exact)) {
      const has = mirror.providers.get(source)?.join(', ');
      throw new RehearsalError(
        `The stack asks for ${source} ${exact}; the mirror ${mirror.folder} has ${has}`,
        `Rehearse with a configuration that sets the provider's version to ${has}, or add ${exact} to the mirror`,
      );
    }
  }
}

function packageFolder(project: string, name: string): string {
  const folder = findProviderPackage(project, name);
  if (folder) return folder;
  throw new RehearsalError(
    `The stack uses provider ${name}, and the project has no @cdktf/provider-${name} to make its stand-in from`,
    `npm install --save-dev @cdktf/provider-${name}`,
  );
}

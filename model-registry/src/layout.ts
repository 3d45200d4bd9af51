import { RegistryError } from './errors';
import { Manifest, Sha256 } from './manifest';

/** Where things are in a store. */
export const layout = {
  versions: (model: string) => `${model}/versions/`,
  file: (model: string, version: string, name: string) => `${model}/versions/${version}/${name}`,
  manifest: (model: string, version: string) => `${model}/versions/${version}/manifest.json`,
  channels: (model: string) => `${model}/channels/`,
  channel: (model: string, channel: string) => `${model}/channels/${channel}.json`,
  rollouts: (model: string, channel: string) => `${model}/rollouts/${channel}/`,
  rollout: (model: string, channel: string, cluster: string) => `${model}/rollouts/${channel}/${cluster}.json`,
  runs: (model: string) => `${model}/runs/`,
  run: (model: string, id: string) => `${model}/runs/${id}.json`,
};

const NAME = Manifest.shape.model;
const NAME_HINT = 'Use 1 to 63 lowercase letters, digits and hyphens, no hyphen first';
/** What EKS and AKS allow, and some more. */
const CLUSTER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const VERSION_PREFIX = /^[0-9a-f]{6,64}$/;

export function isVersionPrefix(reference: string): boolean {
  return VERSION_PREFIX.test(reference);
}

export function isVersion(text: string): boolean {
  return Sha256.safeParse(text).success;
}

export function checkModelName(name: string): void {
  if (!NAME.safeParse(name).success) throw invalid(`"${name}" is not a model name`, `${NAME_HINT}.`);
}

/** A channel's name may not look like a version's prefix, so that `resolve` never has to guess. */
export function checkChannelName(name: string): void {
  if (NAME.safeParse(name).success && !isVersionPrefix(name)) return;
  throw invalid(`"${name}" is not a channel name`, `${NAME_HINT}, and not only hex digits, which is a version.`);
}

export function checkClusterName(name: string): void {
  if (CLUSTER_NAME.test(name)) return;
  throw invalid(
    `"${name}" is not a cluster name`,
    'Use 1 to 100 letters, digits, hyphens and underscores, a letter or digit first.',
  );
}

export function checkVersion(version: string): void {
  if (!isVersion(version)) throw invalid(`"${version}" is not a version`, 'A version is 64 lowercase hex digits.');
}

function invalid(message: string, hint: string): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', message, hint);
}

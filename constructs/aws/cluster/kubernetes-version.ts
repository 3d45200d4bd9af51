import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { EKS } from '../../../src/lifecycle/supported-versions';

/** Minor versions in EKS's standard support that the library deploys. */
export const KUBERNETES_VERSIONS = ['1.35', '1.36'] as const;
export type KubernetesVersion = (typeof KUBERNETES_VERSIONS)[number];

export const DEFAULT_KUBERNETES_VERSION: KubernetesVersion = '1.35';

/** The day, `YYYY-MM-DD`, from which EKS's standard support of a version has ended: AWS then upgrades the cluster by itself. */
export function standardSupportEnds(version: KubernetesVersion): string {
  return EKS.ends[version];
}

/**
 * @param now when the stack is synthesized
 * @throws ConfigError when the library does not deploy that version, or its support has ended, saying until when which
 *   one is supported
 */
export function checkKubernetesVersion(
  version: string,
  scope: Construct,
  now = new Date(),
): asserts version is KubernetesVersion {
  const today = now.toISOString().slice(0, 10);
  const supported = KUBERNETES_VERSIONS.filter((name) => today < standardSupportEnds(name));
  if (supported.some((allowed) => allowed === version)) return;
  const ends = (EKS.ends as Readonly<Record<string, string>>)[version];
  const reason = ends
    ? `its standard support on EKS ${today < ends ? 'ends' : 'ended'} on ${ends}`
    : 'this library was not made for it';
  const allowed = supported.map((name) => `${name} (supported until ${standardSupportEnds(name)})`).join(' and ');
  throw new ConfigError(
    `kubernetesVersion is ${version}: ${reason}. ${allowed ? `Allowed are ${allowed}.` : 'Take a newer release of this library.'}`,
    scope,
  );
}

import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';

/** Minor versions in EKS's standard support that the library deploys. */
export const KUBERNETES_VERSIONS = ['1.35', '1.36'] as const;
export type KubernetesVersion = (typeof KUBERNETES_VERSIONS)[number];

export const DEFAULT_KUBERNETES_VERSION: KubernetesVersion = '1.35';

/**
 * End of standard support on EKS, after which AWS upgrades the cluster by itself (support type STANDARD).
 * Source: EKS user guide, "Kubernetes release calendar", and endoflife.date/amazon-eks, read 2026-11-21.
 */
const STANDARD_SUPPORT_ENDS: Readonly<Record<string, string>> & Readonly<Record<KubernetesVersion, string>> = {
  '1.32': '2026-03-23',
  '1.33': '2026-07-29',
  '1.34': '2026-12-02',
  '1.35': '2027-03-27',
  '1.36': '2027-08-02',
};

/** The day, `YYYY-MM-DD`, from which EKS's standard support of a version has ended. */
export function standardSupportEnds(version: KubernetesVersion): string {
  return STANDARD_SUPPORT_ENDS[version];
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
  const ends = STANDARD_SUPPORT_ENDS[version];
  const reason = ends
    ? `its standard support on EKS ${today < ends ? 'ends' : 'ended'} on ${ends}`
    : 'this library was not made for it';
  const allowed = supported.map((name) => `${name} (supported until ${standardSupportEnds(name)})`).join(' and ');
  throw new ConfigError(
    `kubernetesVersion is ${version}: ${reason}. ${allowed ? `Allowed are ${allowed}.` : 'Take a newer release of this library.'}`,
    scope,
  );
}

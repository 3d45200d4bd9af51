import type { Construct } from 'constructs';
import { ConfigError } from '../../src';

/** Minor versions in EKS's standard support that the library deploys. */
export const KUBERNETES_VERSIONS = ['1.35', '1.36'] as const;
export type KubernetesVersion = (typeof KUBERNETES_VERSIONS)[number];

/**
 * End of standard support on EKS, after which AWS upgrades the cluster by itself (support type STANDARD).
 * Source: EKS user guide, "Kubernetes release calendar", and endoflife.date/amazon-eks, read 2026-11-21.
 */
const STANDARD_SUPPORT_ENDS: Readonly<Record<string, string>> = {
  '1.32': '2026-03-23',
  '1.33': '2026-07-29',
  '1.34': '2026-12-02',
  '1.35': '2027-03-27',
  '1.36': '2027-08-02',
};

/** @throws ConfigError when the library does not deploy that version, saying until when which one is supported */
export function checkKubernetesVersion(version: string, scope: Construct): asserts version is KubernetesVersion {
  if (KUBERNETES_VERSIONS.some((allowed) => allowed === version)) return;
  const ends = STANDARD_SUPPORT_ENDS[version];
  const reason = ends ? `its standard support on EKS ends on ${ends}` : 'this library was not made for it';
  const allowed = KUBERNETES_VERSIONS.map((name) => `${name} (supported until ${STANDARD_SUPPORT_ENDS[name]})`).join(
    ' and ',
  );
  throw new ConfigError(`kubernetesVersion is ${version}: ${reason}. Allowed are ${allowed}.`, scope);
}

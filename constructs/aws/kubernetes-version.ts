import type { Construct } from 'constructs';
import { ConfigError } from '../../src';

/** Kubernetes versions that the library deploys on EKS. */
export type KubernetesVersion = '1.35' | '1.36';

/**
 * End of standard support on EKS, after which AWS upgrades the cluster by itself (support type STANDARD).
 * Source: EKS user guide, "Kubernetes release calendar", and endoflife.date/amazon-eks, read 2026-11-21.
 */
export const EKS_STANDARD_SUPPORT_ENDS: Readonly<Record<string, string>> = {
  '1.32': '2026-03-23',
  '1.33': '2026-07-29',
  '1.34': '2026-12-02',
  '1.35': '2027-03-27',
  '1.36': '2027-08-02',
};

const ALLOWED: readonly KubernetesVersion[] = ['1.35', '1.36'];

/** @throws ConfigError when the library does not deploy that version, saying until when which one is supported */
export function checkKubernetesVersion(version: string, scope: Construct): asserts version is KubernetesVersion {
  if (ALLOWED.some((allowed) => allowed === version)) return;
  const ends = EKS_STANDARD_SUPPORT_ENDS[version];
  const reason = ends ? `its standard support on EKS ends on ${ends}` : 'this library was not made for it';
  const allowed = ALLOWED.map((name) => `${name} (supported until ${EKS_STANDARD_SUPPORT_ENDS[name]})`).join(' and ');
  throw new ConfigError(`kubernetesVersion is ${version}: ${reason}. Allowed are ${allowed}.`, scope);
}

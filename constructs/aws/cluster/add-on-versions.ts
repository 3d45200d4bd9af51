import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';

/** EKS's own add-ons that a cluster with node groups has. */
export const EKS_ADD_ON_NAMES = [
  'eks-pod-identity-agent',
  'vpc-cni',
  'kube-proxy',
  'coredns',
  'metrics-server',
  'aws-ebs-csi-driver',
] as const;

export type EksAddOnName = (typeof EKS_ADD_ON_NAMES)[number];
export type EksAddOnVersions = Readonly<Partial<Record<EksAddOnName, string>>>;

/** `aws eks describe-addon-versions` lists those that there are. */
const VERSION = /^v\d+\.\d+\.\d+-eksbuild\.\d+$/;

/** @throws ConfigError when a version is none of EKS's */
export function checkAddOnVersions(versions: EksAddOnVersions, scope: Construct): void {
  for (const [name, version] of Object.entries(versions)) {
    if (!VERSION.test(version)) {
      throw new ConfigError(
        `addOnVersions has ${version} for ${name}; EKS's versions are like v1.12.1-eksbuild.2. \`aws eks describe-addon-versions --addon-name ${name}\` lists them.`,
        scope,
      );
    }
  }
}

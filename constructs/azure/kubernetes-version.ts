import type { IConstruct } from 'constructs';
import { ConfigError } from '../../src';
import { AKS } from '../../src/lifecycle/supported-versions';

/** Minor versions in AKS's standard support that the library deploys. */
export const KUBERNETES_VERSIONS = ['1.35', '1.36'] as const;
export type KubernetesVersion = (typeof KUBERNETES_VERSIONS)[number];

/** @throws ConfigError when the library does not deploy that version, saying why */
export function checkKubernetesVersion(version: string, scope: IConstruct): asserts version is KubernetesVersion {
  if (KUBERNETES_VERSIONS.some((allowed) => allowed === version)) return;
  const [first] = KUBERNETES_VERSIONS;
  const isOlder = version.localeCompare(first, 'en', { numeric: true }) < 0;

  const reason = isOlder
    ? `AKS ends standard support of 1.34 on ${AKS.ends['1.34']}, and ended that of earlier versions before`
    : 'this library was not made for it';
  throw new ConfigError(
    `kubernetesVersion is ${version}: ${reason}. Allowed are ${KUBERNETES_VERSIONS.join(' and ')}.`,
    scope,
  );
}

import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { resourcesOf } from '../container-sizes';
import { podSecurityLabels } from '../pod-security';
import { containerResources, FALCO_SIZES } from '../workload-sizes';

export interface FalcoProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /**
   * Rules beside Falco's own, as files by name: `{ 'shop.yaml': '- rule: …' }`.
   * @default {}
   */
  readonly rules?: Readonly<Record<string, string>>;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

const OFF = { enabled: false };

/**
 * Falco by its chart in the namespace `falco`, on every node: it logs, as JSON, what containers do that they shouldn't,
 * such as a shell in a terminal.
 */
export class Falco extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;

  constructor(scope: Construct, id: string, { cluster, rules, values }: FalcoProps) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      // It sees the system calls of a whole node, which no lesser standard lets it.
      metadata: { name: 'falco', labels: podSecurityLabels('privileged') },
      dependsOn: cluster.ready,
    });
    this.release = chartRelease(this, {
      chart: CHARTS.falco,
      name: 'falco',
      namespaceName: this.namespace.metadata.name,
      values: {
        // Its probe comes with Falco, so nothing is compiled or fetched for the node's kernel. Four capabilities do.
        driver: { kind: 'modern_ebpf', modernEbpf: { leastPrivileged: true }, loader: OFF },
        resources: resourcesOf(this, 'falco'),
        tolerations: [{ operator: 'Exists' }],
        falcoctl: {
          artifact: {
            install: { resources: containerResources(FALCO_SIZES.rules) },
            // Rules change with a release, not by themselves.
            follow: OFF,
          },
        },
        falco: { json_output: true },
        // The nodes of both clouds run containerd.
        collectors: {
          containerEngine: {
            engines: { docker: OFF, podman: OFF, lxc: OFF, libvirt_lxc: OFF, bpm: OFF },
          },
        },
        ...(rules && { customRules: rules }),
      },
      userValues: values,
    });
  }
}

import type { StackJson } from '../../../src/synthesized/stack-json';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';

const at = (path: string) => ({ metadata: { path } });

export interface ClusterOptions {
  readonly name?: string;
  readonly zones?: number;
  readonly min?: number;
  readonly max?: number;
  readonly nodeSize?: string;
  readonly maxReplicas?: number;
  readonly cpu?: string;
  /** Of the subnets, and of pods' addresses on AKS. */
  readonly prefix?: number;
  /** More resources by type. */
  readonly more?: Record<string, Record<string, object>>;
}

function workloads(name: string, { maxReplicas = 50, cpu = '500m' }: ClusterOptions) {
  return {
    kubernetes_deployment_v1: {
      Server: {
        '//': at(`${name}/Server/Deployment`),
        metadata: { name: 'model-server', namespace: 'shop' },
        spec: { template: { spec: { container: [{ resources: { requests: { cpu, memory: '768Mi' } } }] } } },
      },
    },
    kubernetes_horizontal_pod_autoscaler_v2: {
      Server: {
        '//': at(`${name}/Server/Autoscaler`),
        metadata: { name: 'model-server' },
        spec: {
          max_replicas: maxReplicas,
          scale_target_ref: { kind: 'Deployment', name: `\${kubernetes_deployment_v1.Server.metadata[0].name}` },
        },
      },
    },
  };
}

/** An EKS cluster of somebody's with one node group and one Deployment. */
export function eks(options: ClusterOptions = {}): SynthesizedStack {
  const { name = 'shop', zones = 2, min = 2, max = 20, nodeSize = 't4g.large', prefix = 20, more = {} } = options;
  const ids = Array.from({ length: zones }, (_, zone) => `Subnet${zone + 1}`);
  const subnets = ids.map((id, zone) => [
    id,
    {
      '//': at(`${name}/Network/${id}`),
      cidr_block: `10.0.${zone * 16}.0/${prefix}`,
      availability_zone: `zone-${zone}`,
    },
  ]);
  const json: StackJson = {
    resource: {
      aws_subnet: Object.fromEntries(subnets),
      aws_eks_node_group: {
        Nodes: {
          '//': at(`${name}/Nodes`),
          subnet_ids: ids.map((id) => `\${aws_subnet.${id}.id}`),
          instance_types: [nodeSize],
          scaling_config: { min_size: min, max_size: max, desired_size: min },
        },
      },
      ...workloads(name, options),
      ...(more as StackJson['resource']),
    },
  };
  return new SynthesizedStack(name, json);
}

/** The same on AKS. */
export function aks(options: ClusterOptions = {}): SynthesizedStack {
  const {
    name = 'shop',
    zones = 3,
    min = 2,
    max = 20,
    nodeSize = 'Standard_D2ps_v6',
    prefix = 16,
    more = {},
  } = options;
  const json: StackJson = {
    resource: {
      azurerm_subnet: { Nodes: { '//': at(`${name}/Network/Nodes`), address_prefixes: ['10.0.0.0/20'] } },
      azurerm_kubernetes_cluster: {
        Cluster: {
          '//': at(`${name}/Cluster`),
          network_profile: {
            network_plugin: 'azure',
            network_plugin_mode: 'overlay',
            pod_cidr: `10.244.0.0/${prefix}`,
          },
          default_node_pool: {
            vm_size: nodeSize,
            auto_scaling_enabled: true,
            min_count: min,
            max_count: max,
            max_pods: 50,
            zones: Array.from({ length: zones }, (_, zone) => `${zone + 1}`),
            vnet_subnet_id: `\${azurerm_subnet.Nodes.id}`,
            upgrade_settings: { max_surge: '33%' },
          },
        },
      },
      ...workloads(name, options),
      ...(more as StackJson['resource']),
    },
  };
  return new SynthesizedStack(name, json);
}

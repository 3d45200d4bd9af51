import type { CustomResource } from '../../../kubernetes/custom-resources';

/** Whether AWS may take a node back. */
export type KarpenterCapacity = 'on-demand' | 'spot';

/** EKS's image with its release, which Karpenter follows: `bottlerocket@v1.50.0`, `al2023@v20261106`. */
export type KarpenterImage = `${'al2023' | 'bottlerocket'}@v${number}${string}`;

export interface NodeClass {
  readonly image: KarpenterImage;
  readonly instanceProfile: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface NodePool {
  readonly architecture: 'arm64' | 'x86-64';
  readonly capacity: readonly KarpenterCapacity[];
  readonly maxVcpus: number;
  readonly maxMemoryGib: number;
}

const NAME = 'default';
/** A node's disk for images and logs, in GiB. */
const DISK = { volumeSize: '50Gi', volumeType: 'gp3', encrypted: true, deleteOnTermination: true };

/** What Karpenter's nodes are made of. Source: Karpenter's documentation, "NodeClasses", of 1.14. */
export function nodeClass({ image, instanceProfile, subnetIds, securityGroupId, tags }: NodeClass): CustomResource {
  return {
    apiVersion: 'karpenter.k8s.aws/v1',
    kind: 'EC2NodeClass',
    metadata: { name: NAME },
    spec: {
      amiSelectorTerms: [{ alias: image }],
      instanceProfile,
      subnetSelectorTerms: subnetIds.map((id) => ({ id })),
      securityGroupSelectorTerms: [{ id: securityGroupId }],
      // With one hop only the node itself reaches its metadata, so no pod can act as the node.
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        // Bottlerocket's system is on a disk of its own.
        ...(image.startsWith('bottlerocket') ? [{ deviceName: '/dev/xvda', ebs: { ...DISK, volumeSize: '4Gi' } }] : []),
        { deviceName: image.startsWith('bottlerocket') ? '/dev/xvdb' : '/dev/xvda', ebs: DISK },
      ],
      tags,
    },
  };
}

/** Which nodes, and how many at most. Source: Karpenter's documentation, "NodePools", of 1.14. */
export function nodePool({ architecture, capacity, maxVcpus, maxMemoryGib }: NodePool): CustomResource {
  const requirement = (key: string, operator: 'In' | 'Gt', ...values: string[]) => ({ key, operator, values });
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name: NAME },
    spec: {
      template: {
        spec: {
          nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: NAME },
          requirements: [
            requirement('kubernetes.io/arch', 'In', architecture === 'arm64' ? 'arm64' : 'amd64'),
            requirement('kubernetes.io/os', 'In', 'linux'),
            requirement('karpenter.sh/capacity-type', 'In', ...capacity),
            // General, for computing and for memory, on Nitro: what a pod asks for decides.
            requirement('karpenter.k8s.aws/instance-category', 'In', 'c', 'm', 'r', 't'),
            requirement('karpenter.k8s.aws/instance-generation', 'Gt', '3'),
          ],
          // A node is replaced after a month, so that none grows old unpatched.
          expireAfter: '720h',
        },
      },
      limits: { cpu: `${maxVcpus}`, memory: `${maxMemoryGib}Gi` },
      disruption: {
        consolidationPolicy: 'WhenEmptyOrUnderutilized',
        consolidateAfter: '5m',
        budgets: [{ nodes: '10%' }],
      },
    },
  };
}

import type { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IWorkloadIdentity } from '../../contracts';
import { cloudConnections } from '../cloud-connections';
import type { Connections } from '../connections';
import { CustomResources } from '../custom-resources';
import { checkImageDigest } from '../image-digest';
import { NetworkPeer } from '../network-peer';
import { RECOMMENDER_NAMESPACE, type RecommenderNamespace } from '../recommender-namespace';
import { workloadServiceAccount } from '../workload-service-account';
import { type ContainerSize, TRAINING_SIZES } from '../workload-sizes';
import type { KubeflowTrainer } from './kubeflow-trainer';
import { trainingObjects } from './training-objects';

export interface DistributedTrainingProps {
  readonly namespace: RecommenderNamespace;
  readonly trainer: KubeflowTrainer;
  /** Name of the training, and of its pods' service account. */
  readonly name: string;
  /** Another number makes another run; the one before is deleted. */
  readonly run: number;
  /** Image by digest, `registry/path@sha256:…`. */
  readonly image: string;
  /** What runs on every node. */
  readonly command: readonly [string, ...string[]];
  /** `torch` tells nodes of each other as torchrun does; `plain` tells them nothing. */
  readonly framework: 'torch' | 'plain';
  /** Cloud identity of the service account called `name`, which may read the data and write the model store. */
  readonly identity: IWorkloadIdentity;
  /** @default 2 */
  readonly nodes?: number;
  /**
   * What each node asks for.
   * @default TRAINING_SIZES.node
   */
  readonly size?: ContainerSize;
  /**
   * Hours after which a run is given up.
   * @default 6
   */
  readonly deadlineHours?: number;
  /**
   * Environment variables, such as where the data and the model store are.
   * @default {}
   */
  readonly environment?: Record<string, string>;
}

/** Any port, because frameworks choose theirs as they go. */
const ANY_PORT = [{ port: 1, endPort: 65_535 }];

/** A training on several nodes at once, by Kubeflow Trainer: how it runs, and one run of it. */
export class DistributedTraining extends Construct {
  readonly serviceAccount: ServiceAccountV1;
  readonly resources: CustomResources;
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: DistributedTrainingProps) {
    super(scope, id);
    const { namespace, trainer, name, identity, nodes = 2, size = TRAINING_SIZES.node, deadlineHours = 6 } = props;
    this.check({ ...props, nodes, deadlineHours });
    const { namespaceName } = namespace;
    const podLabels = { 'app.kubernetes.io/name': name };
    this.serviceAccount = workloadServiceAccount(this, {
      namespace,
      identity,
      expected: { namespace: RECOMMENDER_NAMESPACE, serviceAccountName: name },
      constant: `{ namespace: RECOMMENDER_NAMESPACE, serviceAccountName: '${name}' }`,
    });
    const serviceAccountName = this.serviceAccount.metadata.name;
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: `${name}-training`,
      namespaceName,
      objects: trainingObjects({ ...props, serviceAccountName, podLabels, nodes, size, deadlineHours }),
      dependsOn: [trainer.release, ...identity.ready],
    });
    const reason = 'It reads data and writes models';
    this.connections = cloudConnections(this, { name, namespaceName, podLabels, identity, reason });
    const others = NetworkPeer.pods(namespaceName, podLabels);
    this.connections.allowFrom(others, ANY_PORT, 'Nodes of a training work together');
    this.connections.allowTo(others, ANY_PORT, 'Nodes of a training work together');
  }

  private check(props: DistributedTrainingProps & { readonly nodes: number; readonly deadlineHours: number }): void {
    checkImageDigest(props.image, this);
    if (!/^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$/.test(props.name)) {
      throw new ConfigError(
        `name is ${props.name}; allowed are up to 30 lowercase letters, digits and hyphens, a letter first.`,
        this,
      );
    }
    for (const prop of ['run', 'nodes', 'deadlineHours'] as const) {
      const value = props[prop];
      if (Number.isInteger(value) && value >= 1) continue;
      throw new ConfigError(`${prop} is ${value}; allowed is a whole number of 1 or more.`, this);
    }
  }
}

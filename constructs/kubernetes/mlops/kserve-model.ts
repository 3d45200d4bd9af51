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
import type { KServe } from './kserve';
import { kserveObjects, MODEL_PORT } from './kserve-objects';

export interface KServeModelProps {
  readonly namespace: RecommenderNamespace;
  readonly kserve: KServe;
  /** Name of the model, of its pods' service account, and as callers name it. */
  readonly name: string;
  /** Image of Triton by digest, `nvcr.io/nvidia/tritonserver@sha256:…`. */
  readonly image: string;
  /**
   * Folder with `<name>/<number>/model.onnx`: `s3://bucket/path`, or
   * `https://account.blob.core.windows.net/container/path`.
   */
  readonly storageUri: string;
  /** Cloud identity of the service account called `name`, which may read the folder. */
  readonly identity: IWorkloadIdentity;
  /** @default 2 */
  readonly minReplicas?: number;
  /** @default 6 */
  readonly maxReplicas?: number;
}

/** An ONNX model that KServe serves beside the recommender's own, by the Open Inference Protocol. */
export class KServeModel extends Construct {
  readonly serviceAccount: ServiceAccountV1;
  readonly resources: CustomResources;
  /** Who may ask it: nobody until `allowFrom` says so. */
  readonly connections: Connections;
  /** What the model server's `backend.json` says of it. */
  readonly backend: { readonly backend: 'open-inference'; readonly url: string; readonly model: string };
  /** Its pods, as a network policy selects them. */
  readonly peer: NetworkPeer;
  readonly port = MODEL_PORT;

  constructor(scope: Construct, id: string, props: KServeModelProps) {
    super(scope, id);
    this.check(props);
    const { namespace, kserve, name, identity } = props;
    const { namespaceName } = namespace;
    this.serviceAccount = workloadServiceAccount(this, {
      namespace,
      identity,
      expected: { namespace: RECOMMENDER_NAMESPACE, serviceAccountName: name },
      constant: `{ namespace: RECOMMENDER_NAMESPACE, serviceAccountName: '${name}' }`,
    });
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: `${name}-model`,
      namespaceName,
      objects: kserveObjects({ ...props, serviceAccountName: this.serviceAccount.metadata.name }),
      dependsOn: [kserve.release, ...identity.ready],
    });
    const podLabels = { 'serving.kserve.io/inferenceservice': name };
    const reason = 'It reads the model from the store';
    this.connections = cloudConnections(this, { name, namespaceName, podLabels, identity, reason });
    this.peer = NetworkPeer.pods(namespaceName, podLabels);
    this.backend = { backend: 'open-inference', url: `http://${name}-predictor.${namespaceName}.svc`, model: name };
  }

  /** Lets a workload ask it, and its own policy let it out. */
  allowFrom(caller: { readonly connections: Connections }, reason: string): void {
    const { namespaceName, podLabels } = caller.connections;
    this.connections.allowFrom(NetworkPeer.pods(namespaceName, podLabels), [{ port: MODEL_PORT }], reason);
    caller.connections.allowTo(this.peer, [{ port: MODEL_PORT }], reason);
  }

  private check({ name, image, storageUri, minReplicas = 2, maxReplicas = 6 }: KServeModelProps): void {
    checkImageDigest(image, this);
    if (!/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(name)) {
      throw new ConfigError(
        `name is ${name}; allowed are up to 40 lowercase letters, digits and hyphens, a letter first.`,
        this,
      );
    }
    if (!/^(s3:\/\/[^/]+\/.+|https:\/\/[^/]+\.blob\.core\.windows\.net\/[^/]+\/.+)$/.test(storageUri)) {
      throw new ConfigError(
        `storageUri is ${storageUri}; allowed is s3://bucket/path or https://account.blob.core.windows.net/container/path.`,
        this,
      );
    }
    if (
      !Number.isInteger(minReplicas) ||
      !Number.isInteger(maxReplicas) ||
      minReplicas < 1 ||
      maxReplicas < minReplicas
    ) {
      throw new ConfigError(
        `minReplicas is ${minReplicas} and maxReplicas ${maxReplicas}; allowed are whole numbers, 1 or more, the second not below the first.`,
        this,
      );
    }
  }
}

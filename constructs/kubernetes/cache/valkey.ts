import type { Release } from '@cdktf/provider-helm/lib/release';
import { PersistentVolumeClaimV1 } from '@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1';
import { Construct } from 'constructs';
import type { CacheClient, ICache, IRecommenderCluster, NetworkLocation, SecretKey } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { Connections } from '../connections';
import { containerSize, containerSizesIn } from '../container-sizes';
import { NetworkPeer } from '../network-peer';
import type { RecommenderNamespace } from '../recommender-namespace';
import type { ContainerSize } from '../workload-sizes';
import { CacheCredentials } from './cache-credentials';
import type { ValkeyData } from './valkey-data';
import { CACHE_USER, valkeyValues } from './valkey-values';

const PORT = 6379;

export interface ValkeyProps {
  /** The cluster it is in. Its volume is of the cluster's storage class. */
  readonly cluster: Pick<IRecommenderCluster, 'storageClassName'>;
  readonly namespace: RecommenderNamespace;
  /** What it keeps: `ValkeyData.histories()` or `ValkeyData.answers()`. */
  readonly data: ValkeyData;
  /**
   * Memory of the server, in MiB; six tenths of it are for data.
   * @default - what is set for `valkey` in its scope, or 1024
   */
  readonly memoryMib?: number;
  /**
   * Another number makes another password and another certificate; pods that use them are to be started anew.
   * @default 1
   */
  readonly rotation?: number;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/**
 * Valkey by its chart in the namespace `recommender`, with TLS and a login of its own. One pod: while it is away, the
 * model server answers without it.
 */
export class Valkey extends Construct implements ICache {
  readonly credentials: CacheCredentials;
  /** Absent where nothing outlives the pod. */
  readonly volume?: PersistentVolumeClaimV1;
  readonly release: Release;
  /** Who may connect to it: nobody until `allowFrom` says so. */
  readonly connections: Connections;
  readonly host: string;
  readonly port = PORT;
  readonly tls = true;
  readonly url: SecretKey;
  readonly certificateAuthority: SecretKey;
  readonly location: NetworkLocation;

  constructor(scope: Construct, id: string, props: ValkeyProps) {
    super(scope, id);
    const { data, namespace, memoryMib = this.size.memoryMib } = props;
    data.check(this, memoryMib);
    const { namespaceName } = namespace;
    const podLabels = { 'app.kubernetes.io/name': 'valkey', 'app.kubernetes.io/instance': data.name };
    this.credentials = this.addCredentials(props);
    this.url = this.credentials.secretKey('url');
    this.certificateAuthority = this.credentials.secretKey('certificateAuthority');
    this.volume = this.addVolume(props);
    this.release = this.addRelease(props, memoryMib);
    this.host = `${data.name}.${namespaceName}.svc`;
    this.location = { namespaceName, podLabels };
    this.connections = new Connections(this, 'Connections', { name: data.name, namespaceName, podLabels });
  }

  allowFrom({ namespaceName, podLabels }: CacheClient, reason: string): void {
    this.connections.allowFrom(NetworkPeer.pods(namespaceName, podLabels), [{ port: PORT }], reason);
  }

  private get size(): ContainerSize {
    return containerSize('valkey', containerSizesIn(this));
  }

  private addCredentials({ data, namespace, rotation = 1 }: ValkeyProps): CacheCredentials {
    return new CacheCredentials(this, 'Credentials', {
      secretName: `${data.name}-credentials`,
      namespaceName: namespace.namespaceName,
      serviceName: data.name,
      user: CACHE_USER,
      port: PORT,
      rotation,
    });
  }

  /** Apart from the release, so that the volume outlives it. */
  private addVolume({ data, namespace, cluster }: ValkeyProps): PersistentVolumeClaimV1 | undefined {
    if (!data.volume) return undefined;
    return new PersistentVolumeClaimV1(this, 'Volume', {
      metadata: { name: data.name, namespace: namespace.namespaceName },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: cluster.storageClassName,
        resources: { requests: { storage: `${data.volume.gib}Gi` } },
      },
      // It is bound when the first pod wants it, in that pod's zone.
      waitUntilBound: false,
      lifecycle: { preventDestroy: data.volume.protection },
    });
  }

  private addRelease({ data, namespace, rotation = 1, values }: ValkeyProps, memoryMib: number): Release {
    return chartRelease(this, {
      chart: CHARTS.valkey,
      name: data.name,
      namespaceName: namespace.namespaceName,
      values: valkeyValues({
        data,
        size: { ...this.size, memoryMib },
        port: PORT,
        secretName: this.url.secretName,
        rotation,
        claimName: this.volume?.metadata.name,
      }),
      userValues: values,
      dependsOn: [this.credentials.release],
    });
  }
}

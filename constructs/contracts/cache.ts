import type { NetworkLocation } from './network-location';
import type { SecretKey } from './secret-key';

/** Pods that connect to a cache. */
export interface CacheClient {
  readonly namespaceName: string;
  readonly podLabels: Record<string, string>;
}

/**
 * A server of the Redis protocol that replicas share: Valkey in the cluster, ElastiCache, or Azure Managed Redis. Who
 * connects knows the login from a Secret; Terraform never does.
 */
export interface ICache {
  /** Host name that clients connect to, which its certificate is for. */
  readonly host: string;
  readonly port: number;
  /** Whether clients speak TLS. */
  readonly tls: boolean;
  /** Its URL with the login, `rediss://user:password@host:port`, in the namespace of its clients. */
  readonly url: SecretKey;
  /**
   * PEM of the authority that signed its certificate.
   * @default - a public authority, or no TLS
   */
  readonly certificateAuthority?: SecretKey;
  readonly location: NetworkLocation;
  /**
   * Lets pods connect to it. The pods' own policy has to let them out, to `location` on `port`.
   *
   * @param reason why, in a sentence without its full stop: `The model server keeps histories in it`
   */
  allowFrom(client: CacheClient, reason: string): void;
}

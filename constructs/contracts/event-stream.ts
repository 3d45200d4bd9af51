import type { NetworkLocation } from './network-location';
import type { SecretKey } from './secret-key';
import type { IWorkloadIdentity } from './workload-identity';

/** Pods that write to a stream or read from it. */
export interface EventStreamClientProps {
  /** Name of the user, and of the consumer groups it may join, as they begin. */
  readonly name: string;
  /** Labels that select its pods, in the namespace `recommender`. */
  readonly podLabels: Record<string, string>;
  /**
   * Topics it writes to.
   * @default []
   */
  readonly produces?: readonly string[];
  /**
   * Topics it reads from.
   * @default []
   */
  readonly consumes?: readonly string[];
}

/** Certificate by which the stream knows a client, PEM. */
export interface EventStreamClient {
  readonly certificate: SecretKey;
  readonly privateKey: SecretKey;
}

/** A server of Kafka's protocol, over TLS. */
interface KafkaServer {
  readonly protocol: 'kafka';
  /** `host:port`, of which a client learns the others. */
  readonly bootstrapServers: string;
  readonly port: number;
  readonly location: NetworkLocation;
}

/** A Kafka that knows its clients by their certificates: one of one's own. */
export interface ICertificateKafka extends KafkaServer {
  readonly authentication: 'certificate';
  /** PEM of the authority that signed the servers' certificates. */
  readonly certificateAuthority: SecretKey;
  /**
   * Lets pods connect to it, and do what they name. The pods' own policy has to let them out, to `location` on `port`.
   */
  addClient(id: string, client: EventStreamClientProps): EventStreamClient;
}

/** A Kafka that knows its clients by their cloud identities, without a secret: one that a cloud runs. */
export interface IIdentityKafka<Identity extends IWorkloadIdentity = IWorkloadIdentity> extends KafkaServer {
  readonly authentication: 'identity';
  readonly grants: {
    /** May write to topics. */
    produce(identity: Identity, topics: readonly string[]): void;
    /** May read topics, in the consumer groups whose names begin with `group`. */
    consume(identity: Identity, topics: readonly string[], group: string): void;
  };
}

interface StreamGrants<Identity extends IWorkloadIdentity> {
  readonly grants: {
    /** May add messages. */
    produce(identity: Identity): void;
    /** May read messages, and say that they are done where the stream asks for it. */
    consume(identity: Identity): void;
  };
}

/** A queue of a cloud: a message is one consumer's, which says when it is done, and is gone then. */
export interface IEventQueue<Identity extends IWorkloadIdentity = IWorkloadIdentity> extends StreamGrants<Identity> {
  readonly protocol: 'queue';
  /** `group`: in order within a message's group, each once. `none`: in any order, some of them twice. */
  readonly order: 'group' | 'none';
  readonly url: string;
  /** Where a message goes that was received too often and never done. */
  readonly deadLetterUrl: string;
}

/** A log of a cloud: every consumer reads all messages of the last days from where it likes, in order by their key. */
export interface IEventLog<Identity extends IWorkloadIdentity = IWorkloadIdentity> extends StreamGrants<Identity> {
  readonly protocol: 'log';
  readonly streamName: string;
}

/** Where events go and come from. Its `protocol` says what a client speaks, and what it can expect of it. */
export type IEventStream<Identity extends IWorkloadIdentity = IWorkloadIdentity> =
  | ICertificateKafka
  | IIdentityKafka<Identity>
  | IEventQueue<Identity>
  | IEventLog<Identity>;

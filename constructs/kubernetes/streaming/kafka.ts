import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type {
  EventStreamClient,
  EventStreamClientProps,
  ICertificateKafka,
  IRecommenderCluster,
  NetworkLocation,
  SecretKey,
} from '../../contracts';
import { Connections } from '../connections';
import { CustomResources } from '../custom-resources';
import { implyVolumes } from '../implied-volume';
import { NetworkPeer } from '../network-peer';
import type { RecommenderNamespace } from '../recommender-namespace';
import type { KafkaNodes } from './kafka-nodes';
import { CLUSTER_LABEL, kafkaObjects, kafkaUser } from './kafka-objects';
import type { Strimzi } from './strimzi';

export interface KafkaTopic {
  /** Lowercase letters, digits, hyphens and dots. */
  readonly name: string;
  /**
   * How many consumers can share it at most. It can grow later, never shrink.
   * @default 12
   */
  readonly partitions?: number;
  /**
   * Days for which messages are kept.
   * @default 7
   */
  readonly retentionDays?: number;
}

export interface KafkaProps {
  /** The cluster it is in. Its volumes are of the cluster's storage class. */
  readonly cluster: Pick<IRecommenderCluster, 'storageClassName'>;
  readonly namespace: RecommenderNamespace;
  readonly strimzi: Strimzi;
  /** `KafkaNodes.three()`, or `KafkaNodes.single()` for development. */
  readonly nodes: KafkaNodes;
  /** @default [{ name: 'interactions' }] */
  readonly topics?: readonly KafkaTopic[];
  /**
   * Whether Terraform refuses to delete it.
   * @default true
   */
  readonly protection?: boolean;
}

const NAME = 'events';
const DEFAULT_TOPICS: readonly KafkaTopic[] = [{ name: 'interactions' }];
const PORT = 9093;
/** Between controllers, between brokers, and Strimzi's agent in each node. */
const INTERNAL_PORTS = { controllers: 9090, brokers: 9091, agent: 8443 } as const;
const NAME_PATTERN = /^[a-z0-9]([a-z0-9.-]{0,100}[a-z0-9])?$/;

/**
 * A Kafka by Strimzi in the namespace `recommender`, without ZooKeeper. It listens for TLS only, knows its clients by
 * their certificates, and lets each do what `addClient` says.
 */
export class Kafka extends Construct implements ICertificateKafka {
  readonly protocol = 'kafka';
  readonly authentication = 'certificate';
  readonly resources: CustomResources;
  /** Who may connect to its nodes: nobody until `addClient` says so. */
  readonly connections: Connections;
  /** Of what makes its topics and users. */
  readonly entityOperatorConnections: Connections;
  readonly bootstrapServers: string;
  readonly port = PORT;
  readonly certificateAuthority: SecretKey;
  readonly location: NetworkLocation;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: KafkaProps,
  ) {
    super(scope, id);
    this.check(settings);
    const { namespaceName } = settings.namespace;
    const podLabels = { [CLUSTER_LABEL]: NAME, 'strimzi.io/name': `${NAME}-kafka` };
    this.location = { namespaceName, podLabels };
    this.bootstrapServers = `${NAME}-kafka-bootstrap.${namespaceName}.svc:${PORT}`;
    this.resources = this.addResources(settings);
    this.certificateAuthority = this.secretKey(`${NAME}-cluster-ca-cert`, 'ca.crt', this.resources);
    this.connections = new Connections(this, 'Connections', { name: `${NAME}-kafka`, namespaceName, podLabels });
    this.entityOperatorConnections = new Connections(this, 'EntityOperator', {
      name: `${NAME}-entity-operator`,
      namespaceName,
      podLabels: { [CLUSTER_LABEL]: NAME, 'strimzi.io/name': `${NAME}-entity-operator` },
    });
    this.connect(settings);
  }

  addClient(id: string, client: EventStreamClientProps): EventStreamClient {
    this.checkClient(client);
    const { namespaceName } = this.settings.namespace;
    const user = new CustomResources(this, id, {
      releaseName: `${NAME}-user-${client.name}`,
      namespaceName,
      objects: [kafkaUser(NAME, client)],
      dependsOn: [this.resources.release],
    });
    this.connections.allowFrom(
      NetworkPeer.pods(namespaceName, client.podLabels),
      [{ port: PORT }],
      `${client.name} is a client`,
    );
    return {
      certificate: this.secretKey(client.name, 'user.crt', user),
      privateKey: this.secretKey(client.name, 'user.key', user),
    };
  }

  private addResources(props: KafkaProps): CustomResources {
    const { namespace, cluster, strimzi, nodes, topics = DEFAULT_TOPICS, protection = true } = props;
    const { storageClassName } = cluster;
    implyVolumes(this, { storageClassName, gib: nodes.volumeGib, count: nodes.count, madeBy: 'Strimzi' });
    const resources = new CustomResources(this, 'Resource', {
      releaseName: NAME,
      namespaceName: namespace.namespaceName,
      objects: kafkaObjects({
        name: NAME,
        nodes,
        storageClassName,
        port: PORT,
        topics,
      }),
      dependsOn: [strimzi.release],
    });
    // Its volumes stay, but a Kafka that is made anew has another identity, which they don't accept.
    resources.release.lifecycle = { preventDestroy: protection };
    return resources;
  }

  /** What the nodes, the operator of topics and users, and Strimzi ask each other, and the API server. */
  private connect({ namespace, strimzi }: KafkaProps): void {
    const { controllers, brokers, agent } = INTERNAL_PORTS;
    const nodes = NetworkPeer.pods(namespace.namespaceName, this.connections.podLabels);
    const entityOperator = NetworkPeer.pods(namespace.namespaceName, this.entityOperatorConnections.podLabels);
    const between = [{ port: controllers }, { port: brokers }];
    this.connections.allowFrom(nodes, between, 'Nodes copy messages from each other');
    this.connections.allowTo(nodes, between, 'Nodes copy messages from each other');
    this.connections.allowFrom(strimzi.peer, [...between, { port: agent }], 'Strimzi looks after the nodes');
    this.connections.allowFrom(entityOperator, [{ port: brokers }], 'Topics and users are made in it');
    this.entityOperatorConnections.allowTo(nodes, [{ port: brokers }], 'It makes topics and users');
    for (const connections of [this.connections, this.entityOperatorConnections]) {
      // The API server's addresses are the cloud's, and change.
      connections.allowTo(NetworkPeer.anywhere(), [{ port: 443 }], 'It asks the API server');
    }
  }

  private secretKey(secretName: string, key: string, { release }: CustomResources): SecretKey {
    return { secretName, key, ready: [release] };
  }

  private check({ nodes, topics = DEFAULT_TOPICS }: KafkaProps): void {
    nodes.check(this);
    for (const { name, partitions = 1, retentionDays = 1 } of topics) {
      this.checkName('topics', name);
      if (!Number.isInteger(partitions) || partitions < 1) {
        throw new ConfigError(`partitions of ${name} is ${partitions}; allowed is a whole number of 1 or more.`, this);
      }
      if (!(retentionDays > 0 && Number.isFinite(retentionDays))) {
        throw new ConfigError(`retentionDays of ${name} is ${retentionDays}; allowed is a number above 0.`, this);
      }
    }
  }

  private checkClient({ name, produces = [], consumes = [] }: EventStreamClientProps): void {
    this.checkName('name', name);
    const known = (this.settings.topics ?? DEFAULT_TOPICS).map((topic) => topic.name);
    const named = [...produces, ...consumes];
    if (named.length > 0 && named.every((topic) => known.includes(topic))) return;
    throw new ConfigError(
      `${name} produces or consumes ${named.join(', ') || 'nothing'}; allowed is one or more of ${known.join(', ')}. Name it in topics.`,
      this,
    );
  }

  private checkName(prop: string, name: string): void {
    if (NAME_PATTERN.test(name)) return;
    throw new ConfigError(`${prop} has ${name}; allowed are lowercase letters, digits, hyphens and dots.`, this);
  }
}

import type { EventStreamClientProps } from '../../contracts';
import type { CustomResource } from '../custom-resources';
import { containerResources, KAFKA_SIZES } from '../workload-sizes';
import type { KafkaTopic } from './kafka';
import type { KafkaNodes } from './kafka-nodes';

const API = 'kafka.strimzi.io/v1';
/** By which Strimzi and network policies find what belongs to a Kafka. */
export const CLUSTER_LABEL = 'strimzi.io/cluster';
const POOL = 'nodes';
const ZONE = 'topology.kubernetes.io/zone';

/** The newest that Strimzi 1.2.0 has, and the newest format that it writes; both move with the chart. */
const KAFKA_VERSION = '4.3.1';
const METADATA_VERSION = '4.3-IV0';

const DAY_MS = 86_400_000;

interface KafkaObjectsProps {
  readonly name: string;
  readonly nodes: KafkaNodes;
  readonly storageClassName: string;
  /** Where clients connect to. */
  readonly port: number;
  readonly topics: readonly KafkaTopic[];
}

/** A Kafka called `name`, its nodes and its topics, in the namespace of their release. */
export function kafkaObjects(props: KafkaObjectsProps): CustomResource[] {
  return [nodePool(props), kafka(props), ...props.topics.map((one) => topic(one, props))];
}

function nodePool({ name, nodes, storageClassName }: KafkaObjectsProps): CustomResource {
  const labels = { [CLUSTER_LABEL]: name, 'strimzi.io/pool-name': POOL };
  // The rest of the memory is the page cache, from which consumers that keep up are served.
  const heap = `${KAFKA_SIZES.node.memoryMib / 2}m`;
  return {
    apiVersion: API,
    kind: 'KafkaNodePool',
    metadata: { name: POOL, labels: { [CLUSTER_LABEL]: name } },
    spec: {
      replicas: nodes.count,
      roles: ['controller', 'broker'],
      storage: {
        type: 'jbod',
        volumes: [
          {
            id: 0,
            type: 'persistent-claim',
            size: `${nodes.volumeGib}Gi`,
            class: storageClassName,
            kraftMetadata: 'shared',
            // Messages outlive a Kafka that is taken out.
            deleteClaim: false,
          },
        ],
      },
      resources: containerResources(KAFKA_SIZES.node),
      jvmOptions: { '-Xms': heap, '-Xmx': heap },
      template: {
        pod: {
          topologySpreadConstraints: [
            // A volume stays in its zone, so a crowded zone would stay crowded.
            {
              topologyKey: ZONE,
              maxSkew: 1,
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: labels },
            },
          ],
        },
      },
    },
  };
}

function kafka({ name, nodes, port }: KafkaObjectsProps): CustomResource {
  const { count, inSync } = nodes;
  return {
    apiVersion: API,
    kind: 'Kafka',
    metadata: { name },
    spec: {
      kafka: {
        version: KAFKA_VERSION,
        metadataVersion: METADATA_VERSION,
        listeners: [{ name: 'tls', port, type: 'internal', tls: true, authentication: { type: 'tls' } }],
        authorization: { type: 'simple' },
        rack: { type: 'topology-label', topologyKey: ZONE },
        config: {
          // A topic is what was declared, not what was misspelt.
          'auto.create.topics.enable': false,
          'default.replication.factor': count,
          'min.insync.replicas': inSync,
          'offsets.topic.replication.factor': count,
          'transaction.state.log.replication.factor': count,
          'transaction.state.log.min.isr': inSync,
          'share.coordinator.state.topic.replication.factor': count,
          'share.coordinator.state.topic.min.isr': inSync,
        },
      },
      entityOperator: {
        topicOperator: { resources: containerResources(KAFKA_SIZES.topicOperator) },
        userOperator: { resources: containerResources(KAFKA_SIZES.userOperator) },
      },
    },
  };
}

function topic({ name, partitions = 12, retentionDays = 7 }: KafkaTopic, props: KafkaObjectsProps): CustomResource {
  return {
    apiVersion: API,
    kind: 'KafkaTopic',
    metadata: { name, labels: { [CLUSTER_LABEL]: props.name } },
    spec: {
      partitions,
      replicas: props.nodes.count,
      config: { 'retention.ms': retentionDays * DAY_MS, 'min.insync.replicas': props.nodes.inSync },
    },
  };
}

/** A user of the Kafka called `kafkaName`, for whom Strimzi makes a certificate. */
export function kafkaUser(kafkaName: string, client: EventStreamClientProps): CustomResource {
  const { name, produces = [], consumes = [] } = client;
  const topics = (names: readonly string[], operation: string) =>
    names.map((topicName) => ({
      resource: { type: 'topic', name: topicName, patternType: 'literal' },
      operations: [operation, 'Describe'],
    }));
  const groups = { resource: { type: 'group', name, patternType: 'prefix' }, operations: ['Read'] };
  return {
    apiVersion: API,
    kind: 'KafkaUser',
    metadata: { name, labels: { [CLUSTER_LABEL]: kafkaName } },
    spec: {
      authentication: { type: 'tls' },
      authorization: {
        type: 'simple',
        acls: [...topics(produces, 'Write'), ...topics(consumes, 'Read'), ...(consumes.length > 0 ? [groups] : [])],
      },
    },
  };
}

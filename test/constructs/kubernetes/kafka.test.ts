import { parse } from 'yaml';
import {
  CHARTS,
  type EventStreamClient,
  type EventStreamClientProps,
  type ICertificateKafka,
  Kafka,
  KafkaNodes,
  type KafkaProps,
  Strimzi,
} from '../../../constructs/kubernetes';
import { CLUSTER, inCluster, keepDefault } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;
type Options = Partial<KafkaProps> & { readonly client?: Partial<EventStreamClientProps> };

const CLIENT: EventStreamClientProps = {
  name: 'trainer',
  podLabels: { 'app.kubernetes.io/name': 'trainer' },
  consumes: ['interactions'],
};

let stream: ICertificateKafka;
let client: EventStreamClient;
const synthesized = keepDefault(({ client: changed, ...props }: Options = {}) =>
  inCluster((stack, namespace) => {
    const strimzi = new Strimzi(stack, 'Strimzi', { cluster: CLUSTER, namespace });
    const nodes = KafkaNodes.three();
    stream = new Kafka(stack, 'Events', { cluster: CLUSTER, namespace, strimzi, nodes, ...props });
    client = stream.addClient('Trainer', { ...CLIENT, ...changed });
  }),
);
const release = (name: string, props?: Options): Json => {
  const found = Object.values(synthesized(props).resources('helm_release')).filter((one) => one.name === name);
  expect(found).toHaveLength(1);
  return found[0];
};
const objects = (name: string, props?: Options): Json[] =>
  parse(release(name, props).values[0], { version: '1.1' }).objects;
const object = (kind: string, props?: Options): Json => {
  const found = objects('events', props).filter((one) => one.kind === kind);
  expect(found).toHaveLength(1);
  return found[0];
};
const user = (changed?: Partial<EventStreamClientProps>): Json =>
  objects('events-user-trainer', { client: changed })[0];
const policy = (name: string): Json =>
  Object.values(synthesized().resources('kubernetes_network_policy_v1')).find(({ metadata }: Json) => {
    return metadata.name === name;
  });
const peers = (rules: Json[], key: 'from' | 'to') =>
  rules.map((rule) => [
    rule[key][0].pod_selector?.match_labels ?? rule[key][0].ip_block,
    rule.ports.map(({ port }: Json) => port),
  ]);
const SINGLE = { nodes: KafkaNodes.single() };
const NODES = { 'strimzi.io/cluster': 'events', 'strimzi.io/name': 'events-kafka' };
const ENTITY_OPERATOR = { 'strimzi.io/cluster': 'events', 'strimzi.io/name': 'events-entity-operator' };

describe('the operator', () => {
  const values = () => parse(release('strimzi').values[0], { version: '1.1' });

  test('is of the pinned chart, looks after the namespace, and makes pods that keep to "restricted"', () => {
    expect(release('strimzi')).toMatchObject(CHARTS.strimzi);
    expect(values().watchNamespaces).toEqual([expect.stringMatching(/^\$\{kubernetes_namespace_v1\.Namespace/)]);
    expect(values().extraEnvs).toEqual([{ name: 'STRIMZI_POD_SECURITY_PROVIDER_CLASS', value: 'restricted' }]);
    expect(synthesized().resources('kubernetes_namespace_v1')).toMatchObject({
      [Object.keys(synthesized().resources('kubernetes_namespace_v1')).find((id) =>
        id.startsWith('Strimzi'),
      ) as string]: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
    });
  });

  test('makes no network policies, of which one lets everybody in', () => {
    expect(values().generateNetworkPolicy).toBe(false);
  });
});

describe('three nodes', () => {
  test('are each broker and controller, and one zone has at most one more than another', () => {
    expect(object('KafkaNodePool').spec).toMatchObject({
      replicas: 3,
      roles: ['controller', 'broker'],
      template: {
        pod: {
          topologySpreadConstraints: [
            {
              topologyKey: 'topology.kubernetes.io/zone',
              maxSkew: 1,
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: { 'strimzi.io/cluster': 'events', 'strimzi.io/pool-name': 'nodes' } },
            },
          ],
        },
      },
    });
  });

  test('have each message on all of them, one in each zone, and two before it counts as written', () => {
    const { kafka } = object('Kafka').spec;
    expect(kafka.rack).toEqual({ type: 'topology-label', topologyKey: 'topology.kubernetes.io/zone' });
    expect(kafka.config).toEqual({
      'auto.create.topics.enable': false,
      'default.replication.factor': 3,
      'min.insync.replicas': 2,
      'offsets.topic.replication.factor': 3,
      'transaction.state.log.replication.factor': 3,
      'transaction.state.log.min.isr': 2,
      'share.coordinator.state.topic.replication.factor': 3,
      'share.coordinator.state.topic.min.isr': 2,
    });
  });

  test("have volumes of the cluster's class, which stay when Kafka goes", () => {
    expect(object('KafkaNodePool').spec.storage.volumes).toEqual([
      {
        id: 0,
        type: 'persistent-claim',
        size: '20Gi',
        class: 'encrypted',
        kraftMetadata: 'shared',
        deleteClaim: false,
      },
    ]);
  });

  test('give half of their memory to Java', () => {
    expect(object('KafkaNodePool').spec).toMatchObject({
      resources: { requests: { memory: '2Gi' }, limits: { memory: '2Gi' } },
      jvmOptions: { '-Xms': '1024m', '-Xmx': '1024m' },
    });
  });
});

test('a single node asks for no other', () => {
  expect(object('KafkaNodePool', SINGLE).spec.replicas).toBe(1);
  const { config } = object('Kafka', SINGLE).spec.kafka;
  const numbers = Object.values(config).filter((value) => typeof value === 'number');
  expect(numbers).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect(object('KafkaTopic', SINGLE).spec).toMatchObject({ replicas: 1, config: { 'min.insync.replicas': 1 } });
});

describe('topics', () => {
  test('are the interactions, for a week, unless others are named', () => {
    expect(object('KafkaTopic')).toMatchObject({
      apiVersion: 'kafka.strimzi.io/v1',
      metadata: { name: 'interactions', labels: { 'strimzi.io/cluster': 'events' } },
      spec: { partitions: 12, replicas: 3, config: { 'retention.ms': 604_800_000, 'min.insync.replicas': 2 } },
    });
  });

  test('have as many partitions and as many days as was said', () => {
    const topics = [{ name: 'interactions', partitions: 3, retentionDays: 0.5 }, { name: 'catalog' }];
    const made = objects('events', { topics }).filter(({ kind }) => kind === 'KafkaTopic');
    expect(made.map(({ metadata, spec }) => [metadata.name, spec.partitions, spec.config['retention.ms']])).toEqual([
      ['interactions', 3, 43_200_000],
      ['catalog', 12, 604_800_000],
    ]);
  });

  test.each([
    [{ name: 'Interactions' }, 'topics has Interactions; allowed are lowercase letters'],
    [{ name: 'a', partitions: 0 }, 'partitions of a is 0; allowed is a whole number of 1 or more.'],
    [{ name: 'a', partitions: 1.5 }, 'partitions of a is 1.5; allowed is a whole number of 1 or more.'],
    [{ name: 'a', retentionDays: 0 }, 'retentionDays of a is 0; allowed is a number above 0.'],
    [{ name: 'a', retentionDays: Number.POSITIVE_INFINITY }, 'retentionDays of a is Infinity; allowed is'],
  ])('fails with the topic %j', (topic, message) => {
    expect(() => synthesized({ topics: [topic] })).toThrow(`test/Events: ${message}`);
  });
});

describe('clients', () => {
  test('speak TLS and have a certificate; there is no other way in', () => {
    expect(object('Kafka').spec.kafka).toMatchObject({
      listeners: [{ name: 'tls', port: 9093, type: 'internal', tls: true, authentication: { type: 'tls' } }],
      authorization: { type: 'simple' },
    });
    expect(object('Kafka').spec.kafka.listeners).toHaveLength(1);
  });

  test('that read may read their topics, in groups that begin by their name', () => {
    expect(user().spec).toEqual({
      authentication: { type: 'tls' },
      authorization: {
        type: 'simple',
        acls: [
          {
            resource: { type: 'topic', name: 'interactions', patternType: 'literal' },
            operations: ['Read', 'Describe'],
          },
          { resource: { type: 'group', name: 'trainer', patternType: 'prefix' }, operations: ['Read'] },
        ],
      },
    });
  });

  test('that write may write, and join no group', () => {
    expect(user({ consumes: [], produces: ['interactions'] }).spec.authorization.acls).toEqual([
      { resource: { type: 'topic', name: 'interactions', patternType: 'literal' }, operations: ['Write', 'Describe'] },
    ]);
  });

  test('come after the Kafka, and know where their certificates are', () => {
    expect(release('events-user-trainer').depends_on).toEqual([expect.stringMatching(/^helm_release\.Events_/)]);
    expect(client).toMatchObject({
      certificate: { secretName: 'trainer', key: 'user.crt' },
      privateKey: { secretName: 'trainer', key: 'user.key' },
    });
    expect(stream).toMatchObject({
      bootstrapServers: expect.stringMatching(/^events-kafka-bootstrap\..*\.svc:9093$/),
      certificateAuthority: { secretName: 'events-cluster-ca-cert', key: 'ca.crt' },
    });
  });

  test.each([
    [{ name: 'Trainer' }, 'name has Trainer; allowed are lowercase letters'],
    [{ consumes: [] }, 'trainer produces or consumes nothing; allowed is one or more of interactions.'],
    [{ consumes: ['clicks'] }, 'trainer produces or consumes clicks; allowed is one or more of interactions.'],
  ])('fail with %j', (changed, message) => {
    expect(() => synthesized({ client: changed })).toThrow(`test/Events: ${message}`);
  });
});

describe('the network lets', () => {
  test('nodes, Strimzi, what makes topics, and clients at the nodes', () => {
    expect(policy('events-kafka').spec.pod_selector.match_labels).toEqual(NODES);
    expect(peers(policy('events-kafka').spec.ingress, 'from')).toEqual([
      [NODES, ['9090', '9091']],
      [{ 'strimzi.io/kind': 'cluster-operator' }, ['9090', '9091', '8443']],
      [ENTITY_OPERATOR, ['9091']],
      [CLIENT.podLabels, ['9093']],
    ]);
  });

  test('nobody at what makes topics, and that at the nodes and the API server', () => {
    expect(policy('events-entity-operator').spec.pod_selector.match_labels).toEqual(ENTITY_OPERATOR);
    expect(policy('events-entity-operator').spec.ingress).toBeUndefined();
    expect(peers(policy('events-entity-operator').spec.egress, 'to').slice(1)).toEqual([
      [NODES, ['9091']],
      [{ cidr: '0.0.0.0/0' }, ['443']],
    ]);
  });
});

test('a Kafka is not deleted, unless that was said', () => {
  expect(release('events').lifecycle).toEqual({ prevent_destroy: true });
  expect(release('events', { protection: false }).lifecycle).toEqual({ prevent_destroy: false });
});

test.each([0, 1.5, Number.NaN])('a volume of %d GiB fails', (volumeGib) => {
  expect(() => synthesized({ nodes: KafkaNodes.three({ volumeGib }) })).toThrow(
    `test/Events: volumeGib is ${volumeGib}; allowed is a whole number of 1 GiB or more.`,
  );
});

test('the HCL of a Kafka', async () => {
  expect(await synthesized().hcl()).toMatchSnapshot();
});

import type { TerraformStack } from 'cdktf';
import {
  Kafka,
  KafkaNodes,
  Logging,
  LogStore,
  ObservabilityStack,
  Strimzi,
  Tracing,
} from '../../../constructs/kubernetes';
import type { RecommenderNamespace } from '../../../constructs/kubernetes/recommender-namespace';
import { ServiceLevelObjective } from '../../../src';
import { impliedResources } from '../../../src/guards/implied-resource';
import { CLUSTER, inCluster, modelServer } from './fixtures';

/** What constructs say that others make for them. */
function implied(build: (stack: TerraformStack, namespace: RecommenderNamespace) => void): unknown[] {
  let found: unknown[] = [];
  inCluster((stack, namespace) => {
    build(stack, namespace);
    found = impliedResources(stack).map(({ madeBy, type, block }) => {
      const spec = block.spec as { resources: { requests: { storage: string } } };
      return [madeBy, type, spec.resources.requests.storage];
    });
  });
  return found;
}
const claim = (madeBy: string, storage: string) => [madeBy, 'kubernetes_persistent_volume_claim_v1', storage];

test("Kafka's nodes claim a volume each", () => {
  const nodes = KafkaNodes.three();
  const volumes = implied((stack, namespace) => {
    const strimzi = new Strimzi(stack, 'Strimzi', { cluster: CLUSTER, namespace });
    new Kafka(stack, 'Events', { cluster: CLUSTER, namespace, strimzi, nodes });
  });
  expect(volumes).toEqual(Array(3).fill(claim('Strimzi', `${nodes.volumeGib}Gi`)));
});

test.each([
  ['Loki', LogStore.loki({ volumeGib: 30 }), [claim('Loki', '30Gi')]],
  ['Elasticsearch', LogStore.elasticsearch({ nodes: 2 }), Array(2).fill(claim('Elasticsearch', '20Gi'))],
])('so do Prometheus, Tempo and %s', (_, store, ofStore) => {
  const slo = new ServiceLevelObjective();
  const volumes = implied((stack, namespace) => {
    const server = modelServer(stack, namespace);
    const observability = new ObservabilityStack(stack, 'Observability', {
      cluster: CLUSTER,
      modelServer: server,
      slo,
      volumeGib: 40,
    });
    new Logging(stack, 'Logging', { cluster: CLUSTER, observability, store });
    new Tracing(stack, 'Tracing', { cluster: CLUSTER, observability, modelServer: server, slo });
  });
  expect(volumes).toEqual([claim('Prometheus', '40Gi'), ...ofStore, claim('Tempo', '10Gi')]);
});

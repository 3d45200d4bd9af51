import { parse } from 'yaml';
import { type ModelServer, NetworkPeer, ObservabilityStack } from '../../../constructs/kubernetes';
import { loadServerConfig } from '../../../model-server/src/config';
import { ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, modelServer } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;

const JWT = { RECOMMENDER_JWKS_URI: 'https://login.shop.test/keys', RECOMMENDER_JWT_ISSUER: 'shop' };

const scraped = (environment: Record<string, string>) => {
  const stack = inCluster((scope, namespace) => {
    const server: ModelServer = modelServer(scope, namespace, { environment });
    server.connections.allowFrom(NetworkPeer.namespace('shop'), [{ port: server.portName }], 'The shop asks for lists');
    new ObservabilityStack(scope, 'Observability', {
      cluster: CLUSTER,
      modelServer: server,
      slo: new ServiceLevelObjective(),
    });
  });
  const policy: Json = Object.values(stack.resources('kubernetes_network_policy_v1')).find(
    ({ metadata }: Json) => metadata.name === 'model-server',
  );
  const { values }: Json = stack.resource('helm_release');
  const [monitor] = parse(values[0], { version: '1.1' }).prometheus.additionalPodMonitors;
  const maps: Json[] = Object.values(stack.resources('kubernetes_config_map_v1'));
  const { spec }: Json = stack.resource('kubernetes_deployment_v1');
  return {
    ports: spec.template.spec.container[0].port.map(({ name, container_port }: Json) => [name, container_port]),
    settings: loadServerConfig(maps.find(({ metadata }) => metadata.name === 'model-server').data),
    scrapedAt: monitor.podMetricsEndpoints[0].port,
    allowed: policy.spec.ingress.map(({ ports: [{ port }] }: Json) => port),
  };
};

test('metrics are on the port of the API where nobody has to say who they are', () => {
  const { ports, settings, scrapedAt, allowed } = scraped({});
  expect(ports).toEqual([['http', 8080]]);
  expect(settings.adminPort).toBeUndefined();
  expect([scrapedAt, allowed]).toEqual(['http', ['http', 'http']]);
});

test.each([
  ['tokens', JWT],
  ['API keys', { RECOMMENDER_API_KEYS_FILE: '/etc/keys' }],
])('with %s, which Prometheus has none of, they are on a port that only Prometheus is let at', (_, environment) => {
  const { ports, settings, scrapedAt, allowed } = scraped(environment);
  expect(ports).toEqual([
    ['http', 8080],
    ['metrics', 9464],
  ]);
  expect([settings.adminHost, settings.adminPort]).toEqual(['0.0.0.0', 9464]);
  expect(scrapedAt).toBe('metrics');
  expect(allowed).toEqual(['http', 'metrics']);
});

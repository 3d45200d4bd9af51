import {
  apply,
  type ControlPlane,
  definedKinds,
  derivedCrds,
  difference,
  envoyGatewayCrds,
  flaggerCrds,
  gatewayApiCrds,
  installCrds,
  installDefinitions,
  type KindName,
  type KubernetesObject,
  kedaCrds,
  startControlPlane,
} from '@cdktf-recommender/rehearsal';
import { ObservabilityStack } from '../../../constructs/kubernetes';
import { ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, modelServer } from '../../constructs/kubernetes/fixtures';
import { chartValues, customObjects, releasedObjects } from './cluster-objects';
import { moduleCrds, moduleName } from './operators-crds';
import { OPERATORS_STACKS } from './operators-stacks';

const onProgress = (line: string) => console.error(line);
const slo = new ServiceLevelObjective();

/** Kinds that neither an operator that runs here nor a package of types has, with why that is. */
const HELD_AGAINST_NOTHING: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['Kafka', 'KafkaNodePool', 'KafkaTopic', 'KafkaUser'].map((kind) => [
      `kafka.strimzi.io/v1 ${kind}`,
      'Strimzi makes its definitions by a program of Java 21',
    ]),
  ),
  'configuration.konghq.com/v1 KongPlugin': 'the module that has its definition is in no registry',
};

const OPERATORS = {
  "the Gateway API's own, by Envoy Gateway": gatewayApiCrds,
  "Envoy Gateway's own": envoyGatewayCrds,
  "Flagger's own": flaggerCrds,
  "KEDA's own": kedaCrds,
  ...Object.fromEntries(
    (['argoWorkflows', 'elastic', 'istio', 'kserve', 'kubeflowTrainer', 'snapshots', 'velero'] as const).map((name) => [
      `the operator's own, by ${moduleName(name)}`,
      () => moduleCrds(name),
    ]),
  ),
};
/** Kinds that an API server has by itself. */
const BUILT_IN = /^admissionregistration\.k8s\.io\//;

const kindOf = ({ apiVersion, kind }: KindName) => `${apiVersion} ${kind}`;

let controlPlane: ControlPlane;
/** Where each kind's definition is from. */
const sources = new Map<string, string>();
/** One object of each kind that was taken. */
const taken = new Map<string, KubernetesObject>();
/** Kinds of which there was an object, and nothing to hold it against. */
const notHeld = new Set<string>();
let objectsTaken = 0;
beforeAll(async () => {
  controlPlane = await startControlPlane({ onProgress });
  for (const [source, crds] of Object.entries(OPERATORS)) {
    const names = await installCrds(controlPlane, await crds());
    for (const kind of await definedKinds(controlPlane, names)) sources.set(kindOf(kind), source);
  }
}, 1_800_000);
afterAll(async () => {
  await controlPlane?.stop();
  const lines = [...taken.keys()].map((kind) => `${kind}: ${sources.get(kind)}`);
  const open = [...notHeld].map((kind) => `${kind}: not held, ${HELD_AGAINST_NOTHING[kind]}`);
  const title = `${objectsTaken} objects, by whose definition of their kind:`;
  console.error([title, ...lines.sort(), ...open.sort()].join('\n'));
});

/** Gives the control plane what is missing of the kinds, derived from types. */
async function define(kinds: readonly KindName[]): Promise<void> {
  for (const kind of kinds) if (BUILT_IN.test(kind.apiVersion)) sources.set(kindOf(kind), 'the API server itself');
  const unknown = kinds.filter((kind) => !sources.has(kindOf(kind)) && !(kindOf(kind) in HELD_AGAINST_NOTHING));
  const missing = new Map(unknown.map((kind) => [kindOf(kind), kind]));
  const derived = await derivedCrds([...missing.values()], { onProgress });
  for (const { source, definition, ...kind } of derived) {
    await installDefinitions(controlPlane, [definition]);
    sources.set(kindOf(kind), `derived from ${source}`);
  }
}

test.each(Object.entries(OPERATORS_STACKS))(
  '%s: every object of a kind that can be had is taken, and applying it again changes nothing',
  async (_, build) => {
    const stack = inCluster(build);
    const released = releasedObjects(stack);
    await define(released.map(({ object }) => object));
    const undefinedKinds = released.map(({ object }) => kindOf(object)).filter((kind) => !sources.has(kind));
    expect(undefinedKinds.filter((kind) => !(kind in HELD_AGAINST_NOTHING))).toEqual([]);
    const objects = await customObjects(stack, controlPlane, (object) => !(kindOf(object) in HELD_AGAINST_NOTHING));
    for (const { object } of released) if (kindOf(object) in HELD_AGAINST_NOTHING) notHeld.add(kindOf(object));
    expect(released.length).toBeGreaterThan(0);
    if (objects.length === 0) return;
    const namespaces = namespacesOf(objects);
    if (namespaces.length > 0) await apply(controlPlane, namespaces);
    expect(await apply(controlPlane, objects)).toHaveLength(objects.length);
    expect(await difference(controlPlane, objects)).toBe('');
    for (const object of objects) taken.set(kindOf(object), object);
    objectsTaken += objects.length;
  },
  120_000,
);

test('what kube-prometheus-stack makes of our values is taken: the scrape of the model server, and the rules', async () => {
  const stack = inCluster((stack, namespace) => {
    const server = modelServer(stack, namespace);
    new ObservabilityStack(stack, 'Observability', { cluster: CLUSTER, modelServer: server, slo });
  });
  const { prometheus, additionalPrometheusRulesMap } = chartValues(stack, 'kube-prometheus-stack');
  const [{ name, ...monitor }] = prometheus.additionalPodMonitors;
  const kind = (kind: string, name: string, spec: object) => ({
    apiVersion: 'monitoring.coreos.com/v1',
    kind,
    metadata: { name, namespace: 'default' },
    spec,
  });
  const objects = [
    kind('PodMonitor', name, monitor),
    kind('PrometheusRule', 'recommender', additionalPrometheusRulesMap.recommender),
  ];
  await define(objects);
  expect(await apply(controlPlane, objects)).toHaveLength(2);
  expect(await difference(controlPlane, objects)).toBe('');
  for (const object of objects) taken.set(kindOf(object), object);
  objectsTaken += objects.length;
}, 120_000);

test('no kind takes a field that it does not have', async () => {
  expect(taken.size).toBeGreaterThan(0);
  for (const [kind, object] of taken) {
    const { spec } = object as { spec?: object };
    const wrong = spec ? { ...object, spec: { ...spec, notOfThisKind: true } } : { ...object, notOfThisKind: true };
    const refused = await apply(controlPlane, [wrong]).catch(({ message }: Error) => message);
    expect(`${kind}: ${refused}`).toMatch(/unknown field "(spec\.)?notOfThisKind"|notOfThisKind: field not declared/);
  }
}, 120_000);

test('a derived definition refuses a wrong type, a missing field and a word that is not among the allowed', async () => {
  const issuer = (acme: object) => ({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Issuer',
    metadata: { name: 'issuer', namespace: 'default' },
    spec: { acme },
  });
  const complete = { server: 'https://acme.test/directory', privateKeySecretRef: { name: 'account' } };
  await define([issuer(complete)]);
  await apply(controlPlane, [issuer(complete)]);
  const refusals = [
    [{ ...complete, email: 1 }, /email.*(Invalid value|invalid type|expected string)/],
    [{ privateKeySecretRef: complete.privateKeySecretRef }, /server: Required value|missing required field "server"/],
    [
      { ...complete, externalAccountBinding: { keyID: 'id', keySecretRef: { name: 'a' }, keyAlgorithm: 'none' } },
      /none/,
    ],
  ] as const;
  for (const [acme, refusal] of refusals) await expect(apply(controlPlane, [issuer(acme)])).rejects.toThrow(refusal);
});

const namespacesOf = (objects: readonly KubernetesObject[]) =>
  [...new Set(objects.flatMap(({ metadata: { namespace } }) => namespace ?? []))].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));

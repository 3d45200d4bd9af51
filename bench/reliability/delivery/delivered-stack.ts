import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { type KubernetesObject, type OpenApi, objectOf } from '@cdktf-recommender/rehearsal';
import { App, TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import {
  EnvoyGateway,
  Flagger,
  Gateway,
  GatewayAuthentication,
  GatewayCertificate,
  MODEL_SERVER_SERVICE_ACCOUNT,
  ModelServer,
  ModelVersion,
  ProgressiveDelivery,
  RECOMMENDER_NAMESPACE,
  RecommenderNamespace,
} from '../../../constructs/kubernetes';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { BenchError } from '../../errors';
import { type Fields, resolveReferences } from './references';

/** What makes one version of the model server another. */
export interface DeliveredVersion {
  readonly image: string;
  /** @default - the channel's */
  readonly modelVersion?: string;
  readonly modelStoreUrl: string;
  /** Further settings. @default {} */
  readonly environment?: Record<string, string>;
  /** Whether the volume for the server's data is mounted so that nothing can be written there. @default false */
  readonly readOnlyData?: boolean;
}

/** Kinds that this cluster has no program for. */
const LEFT_OUT = ['gateway.envoyproxy.io/v1alpha1'];
const CLUSTER = { ready: [] };
const IDENTITY = {
  ...MODEL_SERVER_SERVICE_ACCOUNT,
  serviceAccountAnnotations: {},
  podLabels: {},
  credentialSources: [],
  ready: [],
};

/** What our constructs make for a version, with the references resolved that Terraform would resolve. */
export class DeliveredStack {
  private constructor(private readonly resources: Readonly<Record<string, Readonly<Record<string, Fields>>>>) {}

  static of(version: DeliveredVersion, prometheusUrl: string): DeliveredStack {
    const outdir = mkdtempSync(join(tmpdir(), 'delivered-'));
    try {
      const app = new App({ outdir });
      build(new TerraformStack(app, 'delivered'), version, prometheusUrl);
      app.synth();
      const { resource } = JSON.parse(readFileSync(join(outdir, 'stacks/delivered/cdk.tf.json'), 'utf8'));
      return new DeliveredStack(resolveReferences(resource));
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }

  /** Values of a release's chart. */
  values(release: string): Fields {
    const found = Object.values(this.resources.helm_release ?? {}).find(({ name }) => name === release);
    if (!found) throw new BenchError(`the constructs make no release ${release}`);
    return parse((found.values as string[])[0] as string, { version: '1.1' });
  }

  /**
   * What the Kubernetes provider makes in the model server's namespace, the namespace first.
   *
   * @param options.again leaves out what Terraform ignores once it is there
   */
  objects(openApi: OpenApi, { readOnlyData = false, again = false } = {}): KubernetesObject[] {
    const objects = Object.entries(this.resources)
      .filter(([type]) => type.startsWith('kubernetes_'))
      .flatMap(([type, named]) =>
        Object.values(named).map((all) => {
          const fields = again ? withoutIgnored(all) : all;
          return objectOf({ type, configuration: fields, values: fields }, openApi);
        }),
      )
      .filter(
        ({ kind, metadata }) => (kind === 'Namespace' ? metadata.name : metadata.namespace) === RECOMMENDER_NAMESPACE,
      )
      .sort((a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace'));
    return readOnlyData ? objects.map(withReadOnlyData) : objects;
  }

  /** What the releases of our local chart hold, but for kinds that nothing here answers for. */
  customResources(): KubernetesObject[] {
    return ['gateway', 'model-server-delivery']
      .flatMap((release) => this.values(release).objects as KubernetesObject[])
      .filter(({ apiVersion }) => !LEFT_OUT.includes(apiVersion))
      .map((object) => ({ ...object, metadata: { namespace: RECOMMENDER_NAMESPACE, ...object.metadata } }));
  }
}

/** The objects in another namespace, so that a cluster has room for several. */
export function inNamespace<T>(value: T, namespace: string): T {
  const moved = (one: unknown, key?: string): unknown => {
    if (Array.isArray(one)) return one.map((element) => moved(element));
    if (typeof one === 'object' && one !== null)
      return Object.fromEntries(Object.entries(one).map(([name, field]) => [name, moved(field, name)]));
    return key === 'namespace' && one === RECOMMENDER_NAMESPACE ? namespace : one;
  };
  const { kind, metadata } = value as unknown as KubernetesObject;
  if (kind === 'Namespace') return { ...value, metadata: { ...metadata, name: namespace } };
  return moved(value) as T;
}

function build(stack: TerraformStack, version: DeliveredVersion, prometheusUrl: string): void {
  const { readOnlyData, modelVersion, ...ofServer } = version;
  const [cluster, slo] = [CLUSTER, new ServiceLevelObjective()];
  // Two replicas, whatever the load here.
  const capacity = new CapacityPlan({ concurrentUsers: 1000, maxReplicas: 2 });
  new KubernetesProvider(stack, 'Kubernetes');
  new HelmProvider(stack, 'Helm');
  const namespace = new RecommenderNamespace(stack, 'Namespace', { cluster });
  const envoyGateway = new EnvoyGateway(stack, 'EnvoyGateway', { cluster });
  const flagger = new Flagger(stack, 'Flagger', { cluster, gatewayApi: envoyGateway.release, prometheusUrl });
  const modelServer = new ModelServer(stack, 'ModelServer', {
    ...ofServer,
    modelVersion: modelVersion === undefined ? undefined : ModelVersion.fixed(modelVersion),
    namespace,
    identity: IDENTITY,
    capacity,
    slo,
    rolledOutBy: flagger,
  });
  const gateway = new Gateway(stack, 'Gateway', {
    namespace,
    controller: envoyGateway,
    modelServer,
    hostname: 'recommendations.shop.example.com',
    certificate: GatewayCertificate.secret('certificate'),
    authentication: GatewayAuthentication.none(),
    capacity,
    slo,
  });
  new ProgressiveDelivery(stack, 'Delivery', { flagger, modelServer, gateway, slo });
}

// biome-ignore lint/suspicious/noExplicitAny: a configuration, or an object of the API server's
type Json = any;

/** A resource without what its `ignore_changes` name: `spec[0].replicas`. */
function withoutIgnored(fields: Fields): Fields {
  const changed: Json = structuredClone(fields);
  for (const path of (changed.lifecycle?.ignore_changes ?? []) as string[]) {
    const names = path.replaceAll('[0]', '').split('.');
    const last = names.pop() as string;
    delete names.reduce((one, name) => one?.[name], changed)?.[last];
  }
  return changed;
}

function withReadOnlyData(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Deployment') return object;
  const changed: Json = structuredClone(object);
  for (const { volumeMounts } of changed.spec.template.spec.containers) {
    for (const mount of volumeMounts) if (mount.name === 'data') mount.readOnly = true;
  }
  return changed;
}

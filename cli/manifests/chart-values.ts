import { type Address, written } from '../../src/synthesized/expressions';
import type { KubernetesObject } from '../../src/synthesized/kubernetes-object';
import { mark, markInText } from './chart-template';

/** What a chart's user may set. */
export interface ChartValue {
  readonly name: string;
  readonly description: string;
  readonly value: unknown;
  /** JSON Schema. */
  readonly schema: object;
}

const STORE = 'RECOMMENDER_STORE';
/** The store is a value of its own, and wins over the other settings. */
const SETTINGS = `merge (dict "${STORE}" .Values.modelStoreUrl) .Values.settings`;

/** In the place of a value that a cloud or a person has to say. */
export const unknownValue = (address: Address) => `UNKNOWN-${Buffer.from(written(address)).toString('hex')}-UNKNOWN`;
const UNKNOWN = /UNKNOWN-([0-9a-f]+)-UNKNOWN/g;

/** Where autoscalers have their bounds. */
const BOUNDS = [
  { kind: 'HorizontalPodAutoscaler', min: 'minReplicas', max: 'maxReplicas' },
  { kind: 'ScaledObject', min: 'minReplicaCount', max: 'maxReplicaCount' },
] as const;

type Path = readonly (string | number)[];
const CONTAINER: Path = ['spec', 'template', 'spec', 'containers', 0];
const SETTINGS_HASH: Path = ['spec', 'template', 'metadata', 'annotations', 'recommender/settings-sha256'];
const ANNOTATIONS: Path = ['metadata', 'annotations'];

/**
 * Puts marks into objects where a chart's values go.
 *
 * @returns the values that were there
 * @throws Error when the objects have no model server
 */
export function takeValues(objects: readonly KubernetesObject[]): ChartValue[] {
  const [deployment, settings, account] = ['Deployment', 'ConfigMap', 'ServiceAccount'].map((kind) => {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === 'model-server');
    if (!found) throw new Error(`the stack has no ${kind} model-server, which the chart is of`);
    return found;
  }) as [KubernetesObject, KubernetesObject, KubernetesObject];
  const { [STORE]: storeUrl = '', ...others } = take<Record<string, string>>(settings, ['data'], mark('map', SETTINGS));
  const image = take<string>(deployment, [...CONTAINER, 'image'], mark('text', '.Values.image'));
  const resources = take<object>(deployment, [...CONTAINER, 'resources'], mark('map', '.Values.resources'));
  const bound = mark('map if any', '.Values.serviceAccount.annotations');
  const annotations = take<Record<string, string> | undefined>(account, ANNOTATIONS, bound) ?? {};
  take(deployment, SETTINGS_HASH, mark('text', `${SETTINGS} | toJson | sha256sum`));
  replaceText(objects, image, mark('text', '.Values.image'));
  replaceText(objects, storeUrl, mark('text', '.Values.modelStoreUrl'));
  return [
    textValue('image', 'Image of the model server by digest: registry.example.com/model-server@sha256:…', image),
    textValue('modelStoreUrl', 'Where model versions come from: a folder, s3://… or az://…', storeUrl),
    {
      name: 'settings',
      description: "The model server's other settings. A change makes new pods.",
      value: known(others),
      schema: textByKey(others),
    },
    { name: 'resources', description: 'Of one replica.', value: resources, schema: { type: 'object' } },
    ...replicas(objects),
    {
      name: 'serviceAccount',
      description: "Annotations bind the model server's service account to an identity of a cloud.",
      value: { annotations: known(annotations) },
      schema: strictObject({ annotations: textByKey(annotations) }),
    },
    createNamespaces(objects),
    ...cloudValues(objects),
  ];
}

function replicas(objects: readonly KubernetesObject[]): ChartValue[] {
  for (const { kind, min, max } of BOUNDS) {
    const autoscaler = objects.find((object) => object.kind === kind && object.metadata.name === 'model-server');
    if (!autoscaler) continue;
    const value = {
      min: take(autoscaler, ['spec', min], mark('number', '.Values.replicas.min')),
      max: take(autoscaler, ['spec', max], mark('number', '.Values.replicas.max')),
    };
    const bound = { type: 'integer', minimum: 1 };
    const schema = strictObject({ min: bound, max: bound });
    return [{ name: 'replicas', description: 'Bounds of the autoscaler.', value, schema }];
  }
  return [];
}

function createNamespaces(objects: readonly KubernetesObject[]): ChartValue {
  const names = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
  return {
    name: 'createNamespaces',
    description: `Makes the namespace ${names.join(' and ')}. Off where it is there already.`,
    value: true,
    schema: { type: 'boolean' },
  };
}

/** What else is unknown, each under a name made of its address. */
function cloudValues(objects: readonly KubernetesObject[]): ChartValue[] {
  const found = [...new Set([...JSON.stringify(objects).matchAll(UNKNOWN)].map(([, hex = '']) => hex))];
  if (found.length === 0) return [];
  const addresses = new Map(found.map((hex) => [hex, Buffer.from(hex, 'hex').toString()]));
  replaceEachText(objects, (text) => {
    const [, whole] = /^UNKNOWN-([0-9a-f]+)-UNKNOWN$/.exec(text) ?? [];
    const value = (hex: string) => `.Values.cloud.${nameOf(addresses.get(hex) ?? '')}`;
    return whole ? mark('text', value(whole)) : text.replace(UNKNOWN, (_, hex: string) => markInText(value(hex)));
  });
  const names = [...addresses.values()].map((address) => [nameOf(address), address] as const);
  return [
    {
      name: 'cloud',
      description: ['What the deployed stack knows:', ...names.map((pair) => pair.join(' is '))].join('\n'),
      value: Object.fromEntries(names.map(([name]) => [name, ''])),
      schema: strictObject(Object.fromEntries(names.map(([name]) => [name, SOME_TEXT]))),
    },
  ];
}

/** `azurerm_user_assigned_identity.Cluster_SyncIdentity_367725E7.client_id` is `clusterSyncIdentityClientId`. */
function nameOf(address: string): string {
  const [id = '', ...path] = address
    .replace(/^data\./, '')
    .split('.')
    .slice(1);
  const words = [id.replace(/_[0-9A-F]{8}$/, ''), ...path].join('_').split(/[^A-Za-z0-9]+/);
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

const SOME_TEXT = { type: 'string', minLength: 1 };

/** A JSON Schema of an object with these properties, all of them and no other. */
export const strictObject = (properties: object) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});

const textValue = (name: string, description: string, value: string): ChartValue => ({
  name,
  description,
  value: known(value),
  schema: SOME_TEXT,
});

/** A map of text; where a value is unknown, one has to be given. */
function textByKey(map: Readonly<Record<string, string>>) {
  const unknown = Object.keys(map).filter((key) => known(map[key]) !== map[key]);
  const properties = Object.fromEntries(unknown.map((key) => [key, SOME_TEXT]));
  const additionalProperties = { type: 'string' };
  return { type: 'object', additionalProperties, ...(unknown.length > 0 && { properties, required: unknown }) };
}

/** Empty where it is unknown. */
function known(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, one) =>
    typeof one === 'string' && one.search(UNKNOWN) >= 0 ? '' : one,
  );
}

/** Answers what is at a path of an object, and leaves a mark there. */
function take<T>(object: KubernetesObject, path: Path, marked: string): T {
  const parent = path.slice(0, -1).reduce<object>((at, part) => Reflect.get(at, part) as object, object);
  const last = path[path.length - 1] as string;
  const value = Reflect.get(parent, last) as T;
  Reflect.set(parent, last, marked);
  return value;
}

function replaceText(value: object, from: string, to: string): void {
  replaceEachText(value, (text) => (text === from ? to : text));
}

function replaceEachText(value: object, replace: (text: string) => string): void {
  for (const [key, one] of Object.entries(value)) {
    if (typeof one === 'string') Reflect.set(value, key, replace(one));
    else if (typeof one === 'object' && one !== null) replaceEachText(one, replace);
  }
}

import { parse } from 'yaml';
import { type Address, evaluate, type Lookup } from './expressions';
import { type KubernetesObject, kubernetesObject } from './kubernetes-object';
import type { Blocks, Fields, StackJson } from './stack-json';

/** A chart that somebody else publishes, as a stack installs it. */
export interface ThirdPartyChart {
  /** Name of the release. */
  readonly name: string;
  readonly namespace: string;
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  /** What differs from the chart's own values. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a stack has in its cluster. */
export interface StackContents {
  readonly objects: readonly KubernetesObject[];
  /** Objects of kinds that operators bring, by the release that has them. */
  readonly customResources: Readonly<Record<string, readonly KubernetesObject[]>>;
  readonly charts: readonly ThirdPartyChart[];
  /** Namespaces and names of Secrets, which are written nowhere. */
  readonly secrets: readonly string[];
}

type ReadYaml = (text: string) => unknown;

/** Helm reads YAML 1.1. */
export const readYaml: ReadYaml = (text) => parse(text, { version: '1.1' });

const SECRET = 'kubernetes_secret_v1';
const RELEASE = 'helm_release';

/** Kinds that belong to no namespace. */
const CLUSTER_SCOPED =
  /^Cluster|Class$|AdmissionPolicy(Binding)?$|^NodePool$|^(ImageValidating|Validating|Mutating)Policy$/;

/**
 * Turns a stack's Kubernetes and Helm resources into what they stand for.
 *
 * @param findArgument the value behind an address, which may refer to others
 * @throws Error naming an expression that it doesn't understand
 */
export function contentsOf(stack: StackJson, findArgument: Lookup): StackContents {
  // What is referred to may refer to something else.
  const lookup = (address: Address): unknown => evaluate(findArgument(address), lookup);
  const inCluster = Object.entries(stack.resource ?? {}).filter(
    ([type]) => type.startsWith('kubernetes_') || type === RELEASE,
  );
  return contentsIn(
    Object.fromEntries(inCluster.map(([type, ofType]) => [type, evaluate(ofType, lookup) as Blocks[string]])),
  );
}

/**
 * The same of resources in which references have been followed.
 *
 * @param read reads values of charts, which are YAML
 */
export function contentsIn(resources: Blocks, read: ReadYaml = readYaml): StackContents {
  const objects = Object.entries(resources)
    .filter(([type]) => type.startsWith('kubernetes_') && type !== SECRET)
    .flatMap(([type, ofType]) => Object.values(ofType).map((resource) => kubernetesObject(type, resource)));
  const releases = inOrder(resources[RELEASE] ?? {}).map((one) => release(one, read));
  const secrets = Object.values(resources[SECRET] ?? {}).map(({ metadata }) => {
    const { namespace, name } = metadata as Fields;
    return `${namespace}/${name}`;
  });
  const ours = releases.filter(({ chart }) => chart.startsWith('assets/'));
  return {
    objects,
    customResources: Object.fromEntries(ours.map((one) => [one.name, objectsOf(one)])),
    charts: releases.filter((one) => !ours.includes(one)),
    secrets: secrets.sort(),
  };
}

/** What depends on another release comes after it. */
function inOrder(releases: Readonly<Record<string, Fields>>): Fields[] {
  const ordered = new Set<Fields>();
  const add = (id: string) => {
    const { depends_on = [] } = releases[id] as { depends_on?: string[] };
    const others = depends_on.map((address) => address.replace(/^helm_release\./, '')).filter((one) => one in releases);
    for (const other of others) add(other);
    ordered.add(releases[id] as Fields);
  };
  for (const id of Object.keys(releases)) add(id);
  return [...ordered];
}

function release(resource: Fields, read: ReadYaml): ThirdPartyChart {
  const { name, namespace, repository = '', chart, version = '', values } = resource;
  const documents = ((values ?? []) as string[]).map(read);
  return { name, namespace, repository, chart, version, values: documents.reduce(merge, {}) } as ThirdPartyChart;
}

/** As Helm does with several files of values: key by key, lists replaced. */
function merge(base: unknown, changes: unknown): unknown {
  const isMap = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap(base) || !isMap(changes)) return changes;
  const merged = Object.entries(changes).map(([key, value]) => [key, merge(Reflect.get(base, key), value)]);
  return { ...base, ...Object.fromEntries(merged) };
}

/** Helm gives objects that name no namespace its release's. */
function objectsOf({ namespace, values }: ThirdPartyChart): KubernetesObject[] {
  // A chart of ours that has templates of its own has none.
  return ((values.objects ?? []) as KubernetesObject[]).map((object) => {
    if (CLUSTER_SCOPED.test(object.kind)) return object;
    const { name, ...metadata } = object.metadata;
    return { ...object, metadata: { name, namespace: object.metadata.namespace ?? namespace, ...metadata } };
  });
}

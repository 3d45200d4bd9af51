import { RehearsalError } from '../errors';
import type { OpenApi, Schema } from './open-api';

/** An object as the API server takes it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** One resource of Terraform's Kubernetes provider: what its configuration says, and what became of it. */
export interface AppliedResource {
  /** `kubernetes_deployment_v1` */
  readonly type: string;
  /** Arguments as cdktf wrote them, which may be expressions. */
  readonly configuration: Fields;
  /** Their values in the state, beside what the provider computed. */
  readonly values: Fields;
}

type Fields = Readonly<Record<string, unknown>>;

/** Arguments that are for the provider or for Terraform. */
const NOT_OF_THE_OBJECT = /^(\/\/|depends_on|lifecycle|provider|count|for_each|timeouts|wait_for_.*|wait_until_bound)$/;
/** Names that the provider has for fields of another name. */
const RENAMED: Readonly<Record<string, string>> = {
  'StorageClass.storage_provisioner': 'provisioner',
  'Secret.data': 'stringData',
};

/**
 * The object that a resource stands for, in the API server's own terms. Fields are found by the API server's schema:
 * `topology_spread_constraint` is `topologySpreadConstraints`, because Terraform names a repeated block by one of it.
 *
 * @throws RehearsalError naming a field that the API server's schema doesn't have
 */
export function objectOf({ type, configuration, values }: AppliedResource, openApi: OpenApi): KubernetesObject {
  const { apiVersion, kind, schema } = openApi.kindOf(type);
  const given = Object.entries(chosen(configuration, values) as Fields).filter(([key]) => !NOT_OF_THE_OBJECT.test(key));
  const fields = objectFields(given, schema, { openApi, path: kind });
  return { apiVersion, kind, ...fields } as KubernetesObject;
}

/** What of the values the configuration asked for: the rest is computed. */
function chosen(configuration: unknown, values: unknown): unknown {
  if (Array.isArray(configuration)) {
    const list = Array.isArray(values) ? values : [values];
    return configuration.map((one, i) => chosen(one, list[i]));
  }
  if (typeof configuration !== 'object' || configuration === null) return values;
  const fields = (Array.isArray(values) ? values[0] : values) as Fields | undefined | null;
  return Object.fromEntries(
    Object.entries(configuration).map(([key, one]) => [key, chosen(one, fields?.[key] ?? undefined)]),
  );
}

interface Context {
  readonly openApi: OpenApi;
  /** Where in the object: `Deployment.spec.template`. */
  readonly path: string;
}

function objectFields(given: readonly [string, unknown][], schema: Schema, { openApi, path }: Context): Fields {
  const properties = schema.properties ?? {};
  const fields: Record<string, unknown> = {};
  for (const [key, value] of given) {
    if (value === undefined || value === null) continue;
    const name = RENAMED[`${path}.${key}`] ?? propertyOf(key, properties);
    const property = properties[name ?? ''];
    if (name === undefined || property === undefined) {
      throw new RehearsalError(`${path} has no field for ${key}; it has ${Object.keys(properties).join(', ')}`);
    }
    fields[name] = toValue(value, openApi.resolve(property), { openApi, path: `${path}.${name}` });
  }
  return fields;
}

function toValue(value: unknown, schema: Schema, context: Context): unknown {
  const { items, properties, additionalProperties } = schema;
  if (items) {
    const list = Array.isArray(value) ? value : [value];
    return list.map((one) => toValue(one, context.openApi.resolve(items), context));
  }
  if (properties) {
    // A block that may come once is a list of one.
    const one = (Array.isArray(value) ? value[0] : value) ?? {};
    return objectFields(Object.entries(one as Fields), schema, context);
  }
  if (additionalProperties) return value;
  if (typeof value !== 'string') return value;
  // Terraform has numbers as text where they may be percentages too, or may be left out.
  const number = schema.type === 'integer' || schema.type === 'number' || schema.format === 'int-or-string';
  return number && /^-?\d+$/.test(value) ? Number(value) : value;
}

function propertyOf(key: string, properties: Readonly<Record<string, Schema>>): string | undefined {
  const plain = key.replaceAll('_', '');
  const names = Object.keys(properties);
  return [plain, `${plain}s`, `${plain}es`, plain.replace(/y$/, 'ies')]
    .map((wanted) => names.find((name) => name.toLowerCase() === wanted))
    .find((name) => name !== undefined);
}

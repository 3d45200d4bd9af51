import { isObject, type ObjectValue, type Value } from '../dynamic-value';
import type { Profile } from '../profile';

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and …/labels/
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/;

const metadataOf = (value: ObjectValue): ObjectValue => {
  const first = Array.isArray(value.metadata) ? value.metadata[0] : undefined;
  return isObject(first) ? first : {};
};

function validate(_type: string, config: ObjectValue): string[] {
  const { name, labels } = metadataOf(config);
  const problems: string[] = [];
  // Names of RBAC objects are path segments and may hold colons; the provider checks those otherwise.
  if (typeof name === 'string' && !NAME.test(name) && !/role/.test(_type)) {
    problems.push(`invalid name ${JSON.stringify(name)}: must be a lowercase RFC 1123 subdomain`);
  }
  for (const [key, value] of Object.entries(isObject(labels) ? labels : {})) {
    if (typeof value === 'string' && !LABEL_VALUE.test(value))
      problems.push(`metadata.labels[${key}]: invalid label value ${JSON.stringify(value)}`);
  }
  return problems;
}

const text = (value: Value | undefined) => (typeof value === 'string' ? value : undefined);

export const kubernetes: Profile = {
  sensitive: [
    /^kubernetes_secret(_v1)?\.(data|binary_data)$/,
    /^kubernetes_token_request_v1\.token$/,
    /^provider\.(password|token|client_key)$/,
  ],
  forcesReplacement: [
    {
      type: /^kubernetes_(?!manifest)/,
      paths: [
        ['metadata', 0, 'name'],
        ['metadata', 0, 'namespace'],
        ['spec', 0, 'selector', 0, 'match_labels'],
      ],
    },
  ],
  id: ({ value, hash }) => {
    const { namespace, name } = metadataOf(value);
    return [text(namespace), text(name)].filter(Boolean).join('/') || hash.slice(0, 20);
  },
  validate,
};

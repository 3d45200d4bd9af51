import { resolveReferences } from '../../bench/reliability/delivery/references';

const expression = (text: string) => `\${${text}}`;
const nameOf = (address: string) => expression(`${address}.metadata[0].name`);
const NAMESPACE = 'kubernetes_namespace_v1.Namespace';
const SETTINGS = 'kubernetes_config_map_v1.Settings';

const resolved = (web: Record<string, unknown>) =>
  resolveReferences({
    kubernetes_namespace_v1: { Namespace: { metadata: { name: 'shop' } } },
    kubernetes_config_map_v1: {
      Settings: { metadata: { name: 'settings', namespace: nameOf(NAMESPACE) }, data: { COLOUR: 'red' } },
    },
    kubernetes_deployment_v1: { Web: web },
  }).kubernetes_deployment_v1?.Web;

test('a reference is what it refers to, also by way of others, and inside a text', () => {
  const web = {
    namespace: expression(`${SETTINGS}.metadata[0].namespace`),
    metadata: [{ name: `web-of-${nameOf(NAMESPACE)}` }],
    depends_on: [NAMESPACE],
  };
  expect(resolved(web)).toEqual({ namespace: 'shop', metadata: [{ name: 'web-of-shop' }] });
});

test('a hash is another one when what is hashed is', () => {
  const hash = expression(`sha256(jsonencode(${SETTINGS}.data))`);
  const found = resolved({ hash, again: hash, other: expression(`sha256(jsonencode(${NAMESPACE}.metadata))`) });
  expect(found?.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(found?.again).toBe(found?.hash);
  expect(found?.other).not.toBe(found?.hash);
});

test('fails when it refers to what an apply makes', () => {
  const uid = expression(`${NAMESPACE}.metadata[0].uid`);
  expect(() => resolved({ uid })).toThrow(`${uid} is nothing that is configured`);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveType } from '../../../rehearsal/src/standin/derive';
import { profileOf } from '../../../rehearsal/src/standin/profile';
import { findProviderPackage, ProviderPackage } from '../../../rehearsal/src/standin/provider-package';
import type { Block } from '../../../rehearsal/src/standin/schema';
import { differences, realSchema } from './real-schema';

const ROOT = join(__dirname, '..', '..', '..');

function installed(name: string): ProviderPackage {
  const folder = findProviderPackage(ROOT, name);
  if (!folder) throw new Error(`@cdktf/provider-${name} is not installed`);
  return new ProviderPackage(folder, profileOf(name));
}

const attribute = (block: Block, name: string) => block.attributes.find((a) => a.name === name);
const nested = (block: Block, name: string) => block.blocks.find((b) => b.typeName === name);

describe('a schema derived from a prebuilt provider', () => {
  const kubernetes = installed('kubernetes');

  it('has the provider version and address that the package was generated from', () => {
    expect([kubernetes.source, kubernetes.version]).toEqual(['registry.terraform.io/hashicorp/kubernetes', '2.38.0']);
  });

  it('tells required, optional and computed attributes apart', () => {
    const secret = kubernetes.block('resource', 'kubernetes_secret_v1');
    expect(attribute(secret, 'type')).toMatchObject({
      required: false,
      optional: true,
      computed: false,
      type: 'string',
    });
    expect(attribute(secret, 'id')).toMatchObject({ optional: true, computed: true });
    expect(attribute(secret, 'data_wo')).toMatchObject({ writeOnly: true, type: ['map', 'string'] });
  });

  it('knows a block that may be given once from one that may be repeated, and what it must hold', () => {
    const deployment = kubernetes.block('resource', 'kubernetes_deployment_v1');
    expect(nested(deployment, 'metadata')).toMatchObject({ nesting: 'LIST', minItems: 1, maxItems: 1 });
    const template = nested(nested(deployment, 'spec')?.block as Block, 'template')?.block as Block;
    expect(nested(nested(template, 'spec')?.block as Block, 'container')).toMatchObject({
      nesting: 'LIST',
      maxItems: 0,
    });
  });

  it('reads nested attributes of protocol 6', () => {
    const release = installed('helm').block('resource', 'helm_release');
    expect(attribute(release, 'set')?.nested).toMatchObject({ nesting: 'LIST' });
    expect(attribute(release, 'set_wo')?.nested?.attributes.every(({ writeOnly }) => writeOnly)).toBe(true);
    expect(release.blocks).toEqual([]);
  });

  it('finds data sources, and nothing for a type that the provider does not have', () => {
    expect(installed('azurerm').find('data', 'azurerm_client_config')?.kind).toBe('data');
    expect(kubernetes.find('resource', 'kubernetes_nope')).toBeUndefined();
    expect(() => kubernetes.block('resource', 'kubernetes_nope')).toThrow('2.38.0 has no resource kubernetes_nope');
  });

  it.each(['helm', 'kubernetes', 'random', 'time', 'tls'])('can be derived for every type of %s', (name) => {
    const kinds = [...installed(name).all()].map(({ kind }) => kind);
    expect(kinds).toContain('resource');
    expect(kinds.filter((kind) => kind === 'provider')).toHaveLength(1);
  });
});

describe('compared with the provider itself', () => {
  // Two resources of azurerm need a block that the generated code shows as optional.
  it.each([
    ['helm', 0],
    ['kubernetes', 0],
    ['azurerm', 2],
  ])('every type of %s is exact but for %i', (name, known) => {
    const real = realSchema(name);
    if (!real) return; // the schemas travel apart from the repository
    const schemas = { resource: real.resource_schemas, data: real.data_source_schemas };
    const deviating = new Set<string>();
    const types = [...installed(name).all()];
    for (const { kind, type, block } of types) {
      const own = kind === 'provider' ? real.provider : schemas[kind][type];
      if (own && differences(block, own.block, type).length > 0) deviating.add(`${kind} ${type}`);
      if (!own) deviating.add(`${kind} ${type}`);
    }
    expect([...deviating].length).toBe(known);
    expect(types.length - 1).toBe(Object.keys(schemas.resource).length + Object.keys(schemas.data).length);
  });
});

describe('a package that no schema can be derived from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'derive-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('fails loudly when its source map is gone', () => {
    const type = join(folder, 'thing');
    mkdirSync(type);
    writeFileSync(join(type, 'index.js'), 'exports.Thing = class {};\n');
    expect(() => deriveType(type)).toThrow(/thing\/index\.js has no inline source map/);
  });

  it('fails loudly when it is not a prebuilt provider', () => {
    expect(() => new ProviderPackage(folder)).toThrow('is not a prebuilt provider of cdktf');
  });
});

import { join } from 'node:path';
import { ExtData, encode } from '@msgpack/msgpack';
import { applyBlock, readBlock } from '../../../rehearsal/src/standin/apply';
import {
  canonical,
  decodeValue,
  encodeValue,
  isUnknown,
  type ObjectValue,
  UNKNOWN,
  type Value,
} from '../../../rehearsal/src/standin/dynamic-value';
import { planBlock, replacements } from '../../../rehearsal/src/standin/plan';
import { profileOf } from '../../../rehearsal/src/standin/profile';
import { findProviderPackage, ProviderPackage } from '../../../rehearsal/src/standin/provider-package';
import type { Attribute, Block, CtyType } from '../../../rehearsal/src/standin/schema';
import { fromStateJson } from '../../../rehearsal/src/standin/state-json';

function installed(name: string): ProviderPackage {
  return new ProviderPackage(findProviderPackage(join(__dirname, '..', '..', '..'), name) as string, profileOf(name));
}

describe('values on the wire', () => {
  it('come back as they went, unknown ones and dynamic ones too', () => {
    const value = { a: UNKNOWN, b: [Buffer.from('"string"'), 'x'], c: [1.5, true, null], d: { e: 'é' } };
    expect(canonical(decodeValue(encodeValue(value)))).toBe(canonical(value));
  });

  it('keep what Terraform knows about an unknown value', () => {
    const refined = encode({ a: new ExtData(12, new Uint8Array([0x81, 1, 0xc2])) });
    const decoded = decodeValue({ msgpack: refined }) as ObjectValue;
    expect(isUnknown(decoded.a)).toBe(true);
    expect(Buffer.from(encodeValue(decoded).msgpack as Uint8Array)).toEqual(Buffer.from(refined));
  });
});

describe('every type of a provider', () => {
  it.each(['helm', 'kubernetes', 'random', 'time', 'tls'])(
    'of %s can be applied, and needs no change after that',
    (name) => {
      const profile = profileOf(name);
      for (const { kind, type, block } of installed(name).all()) {
        if (kind === 'provider') continue;
        for (const all of [false, true]) {
          const config = configuration(block, all);
          const applied =
            kind === 'data'
              ? readBlock(profile, type, block, config)
              : applyBlock(profile, type, block, planBlock(block, config));
          expect([type, hasUnknown(applied)]).toEqual([type, false]);
          if (kind === 'resource') expect(canonical(planBlock(block, applied))).toBe(canonical(applied));
        }
      }
    },
  );
});

describe('made-up values', () => {
  const random = installed('random');
  const password = (config: ObjectValue) => {
    const block = random.block('resource', 'random_password');
    const empty = configuration(block, false);
    return applyBlock(profileOf('random'), 'random_password', block, planBlock(block, { ...empty, ...config }));
  };

  it('are as long as they were asked to be', () => {
    expect(String(password({ length: 100 }).result)).toHaveLength(100);
  });

  it('are the same for the same configuration and others for another', () => {
    expect(password({ length: 24 }).result).toBe(password({ length: 24 }).result);
    expect(password({ length: 24, keepers: { a: 'b' } }).result).not.toBe(password({ length: 24 }).result);
  });

  it('decode where a configuration decodes them', () => {
    const block = installed('azurerm').block('resource', 'azurerm_kubernetes_cluster');
    const applied = applyBlock(
      profileOf('azurerm'),
      'azurerm_kubernetes_cluster',
      block,
      planBlock(block, configuration(block, false)),
    );
    const [config] = applied.kube_config as ObjectValue[];
    expect(Buffer.from(String(config?.cluster_ca_certificate), 'base64').toString()).toContain('-----BEGIN');
  });
});

describe('a plan', () => {
  it('replaces a Kubernetes object whose name changes, and updates one whose data change', () => {
    const profile = profileOf('kubernetes');
    const prior = { metadata: [{ name: 'a', namespace: 'n' }], data: { x: '1' } };
    const renamed = { ...prior, metadata: [{ name: 'b', namespace: 'n' }] };
    expect(replacements(profile, 'kubernetes_config_map_v1', prior, renamed)).toEqual([
      { steps: [{ attribute_name: 'metadata' }, { element_key_int: 0 }, { attribute_name: 'name' }] },
    ]);
    expect(replacements(profile, 'kubernetes_config_map_v1', prior, { ...prior, data: { x: '2' } })).toEqual([]);
  });

  it('never keeps a write-only value', () => {
    const block = installed('kubernetes').block('resource', 'kubernetes_secret_v1');
    expect(planBlock(block, { ...configuration(block, false), data_wo: { a: 'b' } }).data_wo).toBeNull();
  });
});

describe('a state file', () => {
  it('is read in the shape of the schema: missing attributes are null, unknown ones are dropped', () => {
    const block = installed('kubernetes').block('resource', 'kubernetes_config_map_v1');
    const value = fromStateJson(block, { id: 'n/a', gone: true, data: { x: '1' } });
    expect(value).toEqual({
      id: 'n/a',
      data: { x: '1' },
      binary_data: null,
      immutable: null,
      metadata: [],
    });
  });
});

function hasUnknown(value: Value): boolean {
  if (isUnknown(value)) return true;
  return (
    value !== null &&
    typeof value === 'object' &&
    !(value instanceof Uint8Array) &&
    Object.values(value).some(hasUnknown)
  );
}

/** The least that a block accepts, or all that can be set in it. */
function configuration(block: Block, all: boolean): ObjectValue {
  const attributes = block.attributes.map((a) => [a.name, setting(a, all)] as const);
  const blocks = block.blocks.map(({ typeName, nesting, minItems, block: inner }): readonly [string, Value] => {
    const wanted = all || minItems > 0;
    if (nesting === 'SINGLE') return [typeName, wanted ? configuration(inner, all) : null];
    return [typeName, nesting === 'MAP' ? {} : wanted ? [configuration(inner, all)] : []];
  });
  return Object.fromEntries([...attributes, ...blocks]);
}

function setting(attribute: Attribute, all: boolean): Value {
  if (!(attribute.required || (all && attribute.optional)) || attribute.writeOnly) return null;
  if (!attribute.nested) return example(attribute.type as CtyType);
  const one = Object.fromEntries(attribute.nested.attributes.map((a) => [a.name, setting(a, all)]));
  return attribute.nested.nesting === 'SINGLE' ? one : attribute.nested.nesting === 'MAP' ? { key: one } : [one];
}

function example(type: CtyType): Value {
  if (type === 'string') return 'text';
  if (type === 'number') return 7;
  if (type === 'bool') return true;
  if (type === 'dynamic') return [Buffer.from('"string"'), 'text'];
  if (type[0] === 'map') return { key: example(type[1]) };
  if (type[0] === 'object') return Object.fromEntries(Object.entries(type[1]).map(([name, t]) => [name, example(t)]));
  return type[0] === 'tuple' ? type[1].map(example) : [example(type[1])];
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Attribute, Block, CtyType } from '../../../rehearsal/src/standin/schema';

/** The part of `terraform providers schema -json` that is compared. */
export interface RealSchema {
  readonly provider: { block: RealBlock };
  readonly resource_schemas: Record<string, { block: RealBlock }>;
  readonly data_source_schemas: Record<string, { block: RealBlock }>;
}

interface RealBlock {
  readonly attributes?: Record<string, RealAttribute>;
  readonly block_types?: Record<
    string,
    { nesting_mode: string; min_items?: number; max_items?: number; block: RealBlock }
  >;
}

interface RealAttribute {
  readonly type?: CtyType;
  readonly nested_type?: { attributes: Record<string, RealAttribute>; nesting_mode: string };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly write_only?: boolean;
}

const FOLDER = join(__dirname, '..', '..', '..', '..', 'shared', 'schemas');

/** A provider's own schema where it is at hand, else undefined. */
export function realSchema(provider: string): RealSchema | undefined {
  const file = join(FOLDER, `${provider}.json.gz`);
  return existsSync(file) ? (JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as RealSchema) : undefined;
}

/** Each way in which a derived block isn't the real one. Limits on a block's maximum aren't told by the packages. */
export function differences(derived: Block, real: RealBlock, at: string): string[] {
  const found = attributeDifferences(derived.attributes, real.attributes ?? {}, at);
  const blocks = new Map(derived.blocks.map((block) => [block.typeName, block]));
  for (const [name, block] of Object.entries(real.block_types ?? {})) {
    const own = blocks.get(name);
    blocks.delete(name);
    if (!own) found.push(`${at}.${name}: block missing`);
    else {
      if (own.nesting !== block.nesting_mode.toUpperCase()) found.push(`${at}.${name}: nesting ${own.nesting}`);
      if (own.minItems !== (block.min_items ?? 0)) found.push(`${at}.${name}: min_items ${own.minItems}`);
      found.push(...differences(own.block, block.block, `${at}.${name}`));
    }
  }
  return [...found, ...[...blocks.keys()].map((name) => `${at}.${name}: block invented`)];
}

function attributeDifferences(
  derived: readonly Attribute[],
  real: Record<string, RealAttribute>,
  at: string,
): string[] {
  const found: string[] = [];
  const own = new Map(derived.map((attribute) => [attribute.name, attribute]));
  for (const [name, attribute] of Object.entries(real)) {
    const mine = own.get(name);
    own.delete(name);
    if (!mine) {
      found.push(`${at}.${name}: attribute missing`);
      continue;
    }
    const flags = [mine.required, mine.optional, mine.computed, mine.writeOnly];
    const realFlags = [attribute.required, attribute.optional, attribute.computed, attribute.write_only].map(Boolean);
    if (flags.join() !== realFlags.join()) found.push(`${at}.${name}: flags ${flags} not ${realFlags}`);
    if (attribute.nested_type && mine.nested) {
      if (mine.nested.nesting !== attribute.nested_type.nesting_mode.toUpperCase())
        found.push(`${at}.${name}: nesting`);
      found.push(...attributeDifferences(mine.nested.attributes, attribute.nested_type.attributes, `${at}.${name}`));
    } else if (sorted(mine.type) !== sorted(attribute.type)) found.push(`${at}.${name}: type ${sorted(mine.type)}`);
  }
  return [...found, ...[...own.keys()].map((name) => `${at}.${name}: attribute invented`)];
}

/** Objects' own `description` members are left out: the schemas at hand lost them with the documentation. */
const sorted = (type: CtyType | undefined) =>
  JSON.stringify(type, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([name]) => name !== 'description')
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : value,
  );

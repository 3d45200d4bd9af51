import type { Attribute, Block } from './schema';

/** A derived block as the protocol's Schema message. */
export function toSchemaMessage(block: Block, isSensitive: (path: string) => boolean) {
  const attribute = (a: Attribute, prefix: string): object => ({
    name: a.name,
    required: a.required,
    optional: a.optional,
    computed: a.computed,
    write_only: a.writeOnly,
    sensitive: isSensitive(prefix + a.name),
    ...(a.nested
      ? {
          nested_type: {
            nesting: a.nested.nesting,
            attributes: a.nested.attributes.map((n) => attribute(n, `${prefix}${a.name}.`)),
          },
        }
      : { type: Buffer.from(JSON.stringify(a.type)) }),
  });
  const message = (b: Block, prefix: string): object => ({
    attributes: b.attributes.map((a) => attribute(a, prefix)),
    block_types: b.blocks.map((n) => ({
      type_name: n.typeName,
      nesting: n.nesting,
      min_items: n.minItems,
      max_items: n.maxItems,
      block: message(n.block, `${prefix}${n.typeName}.`),
    })),
  });
  return { version: 0, block: message(block, '') };
}

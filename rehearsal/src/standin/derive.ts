import { RehearsalError } from '../errors';
import {
  type Field,
  type GeneratedAttribute,
  type GeneratedSource,
  type HclEntry,
  readGenerated,
} from './generated-source';
import type { Attribute, Block, CtyType, DerivedType, NestedBlock, TypeKind } from './schema';
import { type Shape, type ShapedAttribute, shapeOf } from './shape';

const KINDS: Record<string, TypeKind> = {
  TerraformResource: 'resource',
  TerraformDataSource: 'data',
  TerraformProvider: 'provider',
};

/** Deeper than any schema; only a struct that holds itself gets there. */
const MAX_DEPTH = 24;

export interface DeriveOptions {
  /**
   * Whether a struct that can be set as an attribute is a nested attribute of protocol 6 in this provider: always, or
   * only where its members' flags differ from its own, which a plain object type could not say.
   * @default false
   */
  readonly nestedAttributes?: false | 'always' | 'when-flags-differ';
}

/**
 * Derives the schema of the resource, data source or provider in one folder of a package's `lib`; undefined when the
 * folder holds none.
 *
 * @throws RehearsalError when the folder has no sources or they can't be understood
 */
export function deriveType(folder: string, options: DeriveOptions = {}): DerivedType | undefined {
  const source = readGenerated(folder);
  const main = [...source.classes.values()].find((c) => KINDS[c.base]);
  if (!main) return undefined;
  const kind = KINDS[main.base] as TypeKind;
  // The provider's `alias` is added by cdktf's generator; Terraform has it from elsewhere.
  const members = main.attributes
    .filter((a) => !(kind === 'provider' && a.name === 'alias'))
    .map((a) => ({ ...a, hcl: main.hcl.get(a.name) }));
  const config = [`${main.name}Config`, `${main.name}ConfigA`].find((name) => source.interfaces.has(name)); // 'A': on a name collision
  try {
    const block = new Deriver(source, options, kind).block(members, config ? source.interfaces.get(config) : undefined);
    return { kind, type: main.tfType ?? main.name, block };
  } catch (error) {
    throw new RehearsalError(`No schema could be derived from ${folder}: ${(error as Error).message}`, undefined, {
      cause: error,
    });
  }
}

type Member = GeneratedAttribute & { readonly hcl?: HclEntry };

class Deriver {
  private depth = 0;

  constructor(
    private readonly source: GeneratedSource,
    private readonly options: DeriveOptions,
    private readonly kind: TypeKind,
  ) {}

  block(members: readonly Member[], fields: Map<string, Field> | undefined): Block {
    const attributes: Attribute[] = [];
    const blocks: NestedBlock[] = [];
    for (const member of members) {
      const shaped = shapeOf(member, this.source);
      const nested = this.nestedBlock(member, shaped, documentation(member, fields));
      if (nested) blocks.push(nested);
      else attributes.push(this.attribute(member, shaped.shape));
    }
    return { attributes, blocks };
  }

  private nestedBlock(
    member: Member,
    { shape, repeatedBlock, singleBlock }: ShapedAttribute,
    doc: string,
  ): NestedBlock | undefined {
    const typeName = member.name;
    const unflagged = !member.computed && !member.optional && !member.required; // an attribute must have a flag
    if (
      (repeatedBlock || singleBlock) &&
      shape.kind !== 'primitive' &&
      shape.kind !== 'struct' &&
      shape.element.kind === 'struct'
    ) {
      const block = this.structBlock(shape.element.struct);
      // The core refuses a dynamic type inside a set block; only attributes that the generator skipped get there.
      const nesting = shape.kind === 'set' && !JSON.stringify(block).includes('"dynamic"') ? 'SET' : 'LIST';
      return { typeName, nesting, minItems: member.required ? 1 : 0, maxItems: singleBlock ? 1 : 0, block };
    }
    // The generator documents a block that is no list as "<name> block".
    if (shape.kind === 'struct' && !member.computed && (doc === `${typeName} block` || unflagged)) {
      return { typeName, nesting: 'SINGLE', minItems: 0, maxItems: 0, block: this.structBlock(shape.struct) };
    }
    if (shape.kind === 'map' && shape.element.kind === 'struct' && unflagged) {
      return { typeName, nesting: 'MAP', minItems: 0, maxItems: 0, block: this.structBlock(shape.element.struct) };
    }
    return undefined;
  }

  private attribute(member: Member, shape: Shape, inWriteOnly = false): Attribute {
    const { name, computed, optional, required } = member;
    const writeOnly = inWriteOnly || (this.kind === 'resource' && !computed && name.endsWith('_wo'));
    const flags = { name, computed, optional, required, writeOnly };
    const struct =
      shape.kind === 'struct'
        ? shape.struct
        : shape.kind !== 'primitive' && shape.element.kind === 'struct'
          ? shape.element.struct
          : undefined;
    if (!struct || !this.isNested(member, struct)) return { ...flags, type: this.type(shape) };
    const nesting =
      shape.kind === 'list' ? 'LIST' : shape.kind === 'set' ? 'SET' : shape.kind === 'map' ? 'MAP' : 'SINGLE';
    const attributes = this.within(struct, (members) =>
      members.map((m) => this.attribute(m, shapeOf(m, this.source).shape, writeOnly)),
    );
    return { ...flags, nested: { nesting, attributes } };
  }

  private isNested(member: Member, struct: string): boolean {
    if (!this.options.nestedAttributes) return false;
    if (this.options.nestedAttributes === 'always') return true;
    return this.members(struct).some(
      (m) => m.computed !== member.computed || m.optional !== member.optional || m.required !== member.required,
    );
  }

  private structBlock(struct: string): Block {
    return this.within(struct, (members) => this.block(members, this.source.interfaces.get(struct)));
  }

  private type(shape: Shape): CtyType {
    if (shape.kind === 'primitive') return shape.type;
    if (shape.kind !== 'struct') return [shape.kind, this.type(shape.element)];
    return this.within(shape.struct, (members) => [
      'object',
      Object.fromEntries(members.map((m) => [m.name, this.type(shapeOf(m, this.source).shape)])),
    ]);
  }

  private within<T>(struct: string, derive: (members: readonly Member[]) => T): T {
    if (++this.depth > MAX_DEPTH) throw new Error(`struct ${struct} holds itself`);
    try {
      return derive(this.members(struct));
    } finally {
      this.depth--;
    }
  }

  /** Flags come from the struct's class; a provider's struct has none, so there they come from the interface. */
  private members(struct: string): readonly Member[] {
    const hcl = this.source.hcl.get(struct);
    const generated = this.source.classes.get(`${struct}OutputReference`);
    if (generated) return generated.attributes.map((a) => ({ ...a, hcl: hcl?.get(a.name) }));
    const fields = this.source.interfaces.get(struct);
    if (!fields || !hcl) throw new Error(`struct ${struct} has neither class nor interface`);
    return [...hcl].map(([name, entry]) => {
      const optional = fields.get(/struct!\.(\w+)/.exec(entry.value)?.[1] ?? '')?.optional ?? true;
      return { name, computed: false, optional, required: !optional, hcl: entry, declaration: '', body: '' };
    });
  }
}

function documentation(member: Member, fields: Map<string, Field> | undefined): string {
  const name = member.hcl && /(?:struct!|this)\._?(\w+)/.exec(member.hcl.value)?.[1];
  return (name && fields?.get(name)?.doc) || '';
}

/** A provider's schema, in the terms of `terraform providers schema -json` (snake_case names are Terraform's own). */

/** A type in Terraform's JSON form: `"string"`, `["list", "number"]`, `["object", { name: "string" }]`. */
export type CtyType =
  | Primitive
  | ['list' | 'set' | 'map', CtyType]
  | ['object', Record<string, CtyType>]
  | ['tuple', CtyType[]];
export type Primitive = 'string' | 'number' | 'bool' | 'dynamic';

export type Nesting = 'SINGLE' | 'LIST' | 'SET' | 'MAP';

export interface Attribute {
  readonly name: string;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly writeOnly: boolean;
  /** Exactly one of `type` and `nested` is there. */
  readonly type?: CtyType;
  readonly nested?: { readonly nesting: Nesting; readonly attributes: readonly Attribute[] };
}

export interface NestedBlock {
  readonly typeName: string;
  readonly nesting: Nesting;
  readonly minItems: number;
  /** 0 is any number. */
  readonly maxItems: number;
  readonly block: Block;
}

export interface Block {
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly NestedBlock[];
}

export type TypeKind = 'resource' | 'data' | 'provider';

export interface DerivedType {
  readonly kind: TypeKind;
  /** e.g. `kubernetes_deployment_v1`; the provider's own name for its configuration */
  readonly type: string;
  readonly block: Block;
}

/** The attributes of a nested attribute, seen as a block, so that plan and apply have one way down. */
export function nestedBlock(nested: { readonly attributes: readonly Attribute[] }): Block {
  return { attributes: nested.attributes, blocks: [] };
}

import { decode, ExtensionCodec, encode } from '@msgpack/msgpack';

/**
 * Terraform's values on the wire. MessagePack with two extensions for what isn't known yet: 0, and 12 with refinements
 * ("not null", a prefix …). A value of dynamic type is the pair of its type's JSON and itself.
 *
 * @see https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md
 */
export type Value = null | string | number | boolean | Uint8Array | Unknown | Value[] | { [name: string]: Value };
export type ObjectValue = { [name: string]: Value };

export class Unknown {
  constructor(
    readonly extension: 0 | 12 = 0,
    readonly data: Uint8Array = new Uint8Array([0]),
  ) {}
}

export const UNKNOWN = new Unknown();
export const isUnknown = (value: unknown): value is Unknown => value instanceof Unknown;

/** A block's value, as against an attribute's list, set or nothing. */
export const isObject = (value: Value | undefined): value is ObjectValue =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !isUnknown(value) &&
  !(value instanceof Uint8Array);

const extensionCodec = new ExtensionCodec();
for (const extension of [0, 12] as const) {
  extensionCodec.register({
    type: extension,
    encode: (value) => (isUnknown(value) && value.extension === extension ? value.data : null),
    decode: (data) => new Unknown(extension, Uint8Array.from(data)),
  });
}

export interface DynamicValue {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

export function decodeValue(value: DynamicValue | null | undefined): Value {
  if (value?.msgpack?.length) return decode(value.msgpack, { extensionCodec }) as Value;
  if (value?.json?.length) return JSON.parse(Buffer.from(value.json).toString('utf8')) as Value;
  return null;
}

export function encodeValue(value: Value): DynamicValue {
  return { msgpack: Buffer.from(encode(value, { extensionCodec })) };
}

/** A text that is the same for equal values, whatever the order of their keys. */
export function canonical(value: Value | undefined): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (isUnknown(part)) return '<unknown>';
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

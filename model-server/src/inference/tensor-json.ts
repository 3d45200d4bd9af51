import { getFloat16, setFloat16 } from '@petamoriken/float16';
import type { TensorData, TensorType, TensorValue } from './backend';
import { ARRAYS, elementCount, INTEGER_RANGES, type IntegerType, isInteger } from './datatypes';

/** What JSON has no number for is written as ProtoJSON writes it: https://protobuf.dev/programming-guides/json/ */
const NON_FINITE = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);
const LARGEST_FLOAT = { float16: 65_504, float32: (2 - 2 ** -23) * 2 ** 127, float64: Number.MAX_VALUE } as const;
type FloatType = keyof typeof LARGEST_FLOAT;

/** onnxruntime-node ends a string at its first U+0000, and half a surrogate pair has no UTF-8. */
const CARRIED = /^[^\0\p{Cs}]*$/u;

/** A tensor's data that doesn't fit its type or its shape. */
export class InvalidDataError extends Error {
  override readonly name = 'InvalidDataError';

  /** @param path of the element within the data: `.3.0`; empty for the data as a whole */
  constructor(
    readonly path: string,
    readonly value: unknown,
    readonly allowed: string,
  ) {
    super(`data${path}: allowed is ${allowed}`);
  }
}

/** What an element of each type may be in JSON, in words. */
export function allowedElement(type: TensorType): string {
  if (type === 'bool') return 'true or false';
  if (type === 'string') return 'a string without U+0000 and without half a surrogate pair';
  if (isInteger(type)) {
    const [min, max] = INTEGER_RANGES[type];
    const wide = type === 'int64' || type === 'uint64' ? ', beyond 2^53 as a string of its digits' : '';
    return `a whole number from ${min} to ${max}${wide}`;
  }
  return `a number within the range of ${type}, "NaN", "Infinity" or "-Infinity"`;
}

/**
 * A tensor's elements from JSON, flat in row-major order or nested as its dimensions are. Whole numbers beyond 2^53 are
 * strings of digits, because JSON's numbers lose theirs in most programs.
 *
 * @throws InvalidDataError for the first element that doesn't fit
 */
export function elementsFromJson(type: TensorType, dims: readonly number[], data: unknown): TensorData {
  const flat = flatten(dims, data);
  const { elements, pathOf } = flat;
  const fail = (index: number): never => {
    throw new InvalidDataError(pathOf(index), elements[index], allowedElement(type));
  };
  if (type === 'string') {
    elements.forEach((value, i) => {
      if (typeof value !== 'string' || !CARRIED.test(value)) fail(i);
    });
    return elements as string[];
  }
  if (type === 'int64' || type === 'uint64') {
    const array = new ARRAYS[type](elements.length);
    elements.forEach((value, i) => {
      array[i] = wideInteger(type, value) ?? fail(i);
    });
    return array;
  }
  const array = new ARRAYS[type](elements.length);
  const half = type === 'float16' ? new DataView(array.buffer) : undefined;
  elements.forEach((value, i) => {
    const number = narrow(type, value) ?? fail(i);
    if (half) setFloat16(half, i * 2, number, true);
    else array[i] = number;
  });
  return array;
}

/** Elements as JSON has them, flat, in the forms that {@link elementsFromJson} reads. */
export function elementsToJson({ type, data }: TensorValue): (boolean | number | string)[] {
  if (type === 'bool') return Array.from(data as Uint8Array, Boolean);
  if (type === 'float16') {
    const { buffer, byteOffset, byteLength } = data as Uint16Array;
    const half = new DataView(buffer, byteOffset, byteLength);
    return Array.from(data as Uint16Array, (_, i) => shown(getFloat16(half, i * 2, true)));
  }
  if (type === 'int64' || type === 'uint64') {
    return Array.from(data as BigInt64Array, (value) => {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : String(value);
    });
  }
  return type === 'float32' || type === 'float64'
    ? Array.from(data as Float32Array, shown)
    : Array.from(data as readonly string[]);
}

function shown(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function wideInteger(type: 'int64' | 'uint64', value: unknown): bigint | undefined {
  const written = typeof value === 'string' && /^-?\d{1,20}$/.test(value);
  if (!written && !Number.isSafeInteger(value)) return undefined;
  const wide = BigInt(value as string | number);
  const [min, max] = INTEGER_RANGES[type];
  return wide >= min && wide <= max ? wide : undefined;
}

function narrow(type: Exclude<IntegerType, 'int64' | 'uint64'> | 'bool' | FloatType, value: unknown) {
  if (type === 'bool') return typeof value === 'boolean' ? Number(value) : undefined;
  if (isInteger(type)) {
    const [min, max] = INTEGER_RANGES[type];
    return Number.isInteger(value) && (value as number) >= Number(min) && (value as number) <= Number(max)
      ? (value as number)
      : undefined;
  }
  if (typeof value === 'string') return NON_FINITE.get(value);
  return typeof value === 'number' && Math.abs(value) <= LARGEST_FLOAT[type] ? value : undefined;
}

interface Flat {
  readonly elements: unknown[];
  /** Where the element was: `.7`, or nested `.1.0`. */
  pathOf(index: number): string;
}

function flatten(dims: readonly number[], data: unknown): Flat {
  const count = elementCount(dims);
  if (!Array.isArray(data)) throw new InvalidDataError('', data, 'an array');
  if (dims.length < 2 || !Array.isArray(data[0])) {
    if (data.length !== count) {
      throw new InvalidDataError('', `${data.length} elements`, `${count} elements, as the shape [${dims}] says`);
    }
    return { elements: data, pathOf: (index) => `.${index}` };
  }
  const elements: unknown[] = [];
  const walk = (value: unknown, level: number, path: string): void => {
    const size = dims[level] as number;
    if (!Array.isArray(value) || value.length !== size) {
      const got = Array.isArray(value) ? `${value.length} elements` : value;
      throw new InvalidDataError(path, got, `an array of ${size}, as the shape [${dims}] says`);
    }
    if (level === dims.length - 1) {
      for (const element of value) elements.push(element);
    } else {
      value.forEach((inner, i) => {
        walk(inner, level + 1, `${path}.${i}`);
      });
    }
  };
  walk(data, 0, '');
  return { elements, pathOf: (index) => nestedPath(dims, index) };
}

function nestedPath(dims: readonly number[], index: number): string {
  let rest = index;
  return dims
    .map((_, level) => {
      const below = elementCount(dims.slice(level + 1));
      const position = Math.floor(rest / below);
      rest %= below;
      return `.${position}`;
    })
    .join('');
}

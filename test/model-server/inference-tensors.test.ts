import fc from 'fast-check';
import { TENSOR_TYPES, type TensorType, type TensorValue } from '../../model-server/src/inference/backend';
import {
  ARRAYS,
  DATATYPES,
  elementCount,
  INTEGER_RANGES,
  tensorType,
} from '../../model-server/src/inference/datatypes';
import { elementsFromBytes, elementsToBytes } from '../../model-server/src/inference/tensor-bytes';
import { elementsFromJson, elementsToJson } from '../../model-server/src/inference/tensor-json';

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const property = (test: (tensor: TensorValue) => void) => {
  try {
    fc.assert(fc.property(tensors(), test), { seed: SEED, numRuns: 500 });
  } catch (error) {
    throw new Error(`SEED=${SEED}: ${(error as Error).message}`, { cause: error });
  }
};

/** A tensor of any type, of up to three dimensions of up to four, its elements any bits that the type allows. */
function tensors(): fc.Arbitrary<TensorValue> {
  const dims = fc.array(fc.nat(4), { maxLength: 3 });
  return fc.tuple(fc.constantFrom(...TENSOR_TYPES), dims).chain(([type, shape]): fc.Arbitrary<TensorValue> => {
    const count = elementCount(shape);
    const exactly = { minLength: count, maxLength: count };
    if (type === 'string') {
      const text = fc.string({ unit: 'grapheme', maxLength: 5 }).filter((value) => !value.includes('\0'));
      return fc.array(text, exactly).map((data) => ({ type, dims: shape, data }));
    }
    const size = ARRAYS[type].BYTES_PER_ELEMENT;
    const byte = fc.integer({ min: 0, max: type === 'bool' ? 1 : 255 });
    return fc.array(byte, { minLength: count * size, maxLength: count * size }).map((bytes) => {
      return { type, dims: shape, data: elementsFromBytes(type, count, Buffer.from(bytes)) };
    });
  });
}

/** Flat elements nested as the dimensions are. */
function nested(elements: readonly unknown[], dims: readonly number[]): unknown {
  const [size = 0, ...rest] = dims;
  if (dims.length < 2) return elements;
  const each = elementCount(rest);
  return Array.from({ length: size }, (_, i) => nested(elements.slice(i * each, (i + 1) * each), rest));
}

/** Every NaN is one to JSON. */
const comparable = ({ type, data }: TensorValue) => elementsToJson({ type, dims: [], data });

test(`tensors survive JSON, flat or nested, in every type (SEED=${SEED})`, () => {
  property((tensor) => {
    const { type, dims } = tensor;
    const json = JSON.parse(JSON.stringify(elementsToJson(tensor)));
    for (const data of [json, nested(json, dims)]) {
      expect(comparable({ type, dims, data: elementsFromJson(type, dims, data) })).toEqual(comparable(tensor));
    }
  });
});

test(`tensors survive raw bytes, bit by bit (SEED=${SEED})`, () => {
  property((tensor) => {
    const bytes = elementsToBytes(tensor);
    const data = elementsFromBytes(tensor.type, elementCount(tensor.dims), bytes);
    expect(elementsToBytes({ ...tensor, data }).equals(bytes)).toBe(true);
  });
});

test.each([
  ['float16', 0.1, 0.0999755859375],
  ['float16', 1e-9, 0],
  ['float32', 0.1, 0.10000000149011612],
  ['float64', 0.1, 0.1],
] as const)('%s rounds %p to the nearest it has, %p', (type, value, rounded) => {
  const data = elementsFromJson(type, [1], [value]);
  expect(elementsToJson({ type, dims: [1], data })).toEqual([rounded]);
});

const outside = Object.entries(INTEGER_RANGES).flatMap(([type, [min, max]]) => {
  const wide = type.endsWith('64');
  return [min - 1n, max + 1n].map((value) => [type as TensorType, wide ? String(value) : Number(value)] as const);
});
test.each([
  ...outside,
  ['int32', 1.5],
  ['int32', '1'],
  ['int64', 2 ** 53],
  ['int64', '1e3'],
  ['int64', ''],
  ['bool', 1],
  ['float16', 65_505],
  ['float32', 3.5e38],
  ['float64', 'nan'],
  ['float64', null],
  ['string', 'half a pair \ud800'],
  ['string', 'NUL \0'],
  ['string', 5],
] as const)('%s refuses %p', (type, value) => {
  expect(() => elementsFromJson(type, [2], [type === 'bool' ? true : type === 'string' ? 'a' : 1, value])).toThrow(
    /^data\.1: allowed is /,
  );
});

test.each([
  ['too few bytes', 'int32', 2, Buffer.alloc(7), 'data: allowed is 8 bytes, as its shape and datatype say'],
  ['a bool of 2', 'bool', 2, Buffer.from([1, 2]), 'data.1: allowed is a byte of 0 or 1'],
  [
    'a string cut off',
    'string',
    1,
    Buffer.from([2, 0, 0, 0, 65]),
    'data.0: allowed is a length in 4 bytes and as many',
  ],
  ['a string without a length', 'string', 1, Buffer.from([1]), 'data.0: allowed is a length in 4 bytes and as many'],
  ['a string too many', 'string', 0, Buffer.alloc(4), 'data: allowed is exactly 0 strings'],
  ['no UTF-8', 'string', 1, Buffer.from([1, 0, 0, 0, 255]), /^data.0: allowed is UTF-8/],
] as const)('raw bytes with %s are refused', (_what, type, count, bytes, message) => {
  expect(() => elementsFromBytes(type, count, bytes)).toThrow(message);
});

test('every type of tensor has its own datatype, and back', () => {
  for (const type of TENSOR_TYPES) expect(tensorType(DATATYPES[type])).toBe(type);
  expect(tensorType('BF16')).toBeUndefined();
});

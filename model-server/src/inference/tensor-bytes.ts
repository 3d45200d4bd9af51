import { isUtf8 } from 'node:buffer';
import type { TensorData, TensorType, TensorValue } from './backend';
import { ARRAYS } from './datatypes';
import { InvalidDataError } from './tensor-json';

// Little-endian, as the protocol has it and as every platform is that onnxruntime-node is built for.

/**
 * A tensor's elements from the protocol's raw form: row-major, without padding; a string is its length in 4 bytes and
 * then its UTF-8.
 *
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol/binary-tensor-data-extension
 * @throws InvalidDataError
 */
export function elementsFromBytes(type: TensorType, count: number, bytes: Buffer): TensorData {
  if (type === 'string') return stringsFromBytes(count, bytes);
  const size = count * ARRAYS[type].BYTES_PER_ELEMENT;
  if (bytes.length !== size) {
    throw new InvalidDataError('', `${bytes.length} bytes`, `${size} bytes, as its shape and datatype say`);
  }
  // A copy: the bytes may lie anywhere in a request, and arrays begin at multiples of their elements' size.
  const array = new ARRAYS[type](count);
  new Uint8Array(array.buffer).set(bytes);
  if (type === 'bool') {
    const index = (array as Uint8Array).findIndex((value) => value > 1);
    if (index >= 0) throw new InvalidDataError(`.${index}`, array[index], 'a byte of 0 or 1');
  }
  return array;
}

/** The raw form of a tensor, as {@link elementsFromBytes} reads it. */
export function elementsToBytes({ data }: TensorValue): Buffer {
  if (Array.isArray(data)) {
    return Buffer.concat(
      (data as string[]).flatMap((text) => {
        const bytes = Buffer.from(text);
        const length = Buffer.alloc(4);
        length.writeUInt32LE(bytes.length);
        return [length, bytes];
      }),
    );
  }
  const { buffer, byteOffset, byteLength } = data as Uint8Array;
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** A string of a tensor from its bytes. onnxruntime has text where the protocol has bytes. */
export function stringFromBytes(bytes: Buffer, index: number): string {
  if (!isUtf8(bytes) || bytes.includes(0)) {
    throw new InvalidDataError(
      `.${index}`,
      `${bytes.length} bytes`,
      'UTF-8 without U+0000, where onnxruntime-node would end it',
    );
  }
  return bytes.toString('utf8');
}

function stringsFromBytes(count: number, bytes: Buffer): string[] {
  const strings: string[] = [];
  let at = 0;
  while (at < bytes.length && strings.length < count) {
    const end = at + 4 > bytes.length ? Number.POSITIVE_INFINITY : at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.length) {
      throw new InvalidDataError(`.${strings.length}`, `${bytes.length - at} bytes`, 'a length in 4 bytes and as many');
    }
    strings.push(stringFromBytes(bytes.subarray(at + 4, end), strings.length));
    at = end;
  }
  if (strings.length !== count || at !== bytes.length) {
    throw new InvalidDataError('', `${strings.length} strings in ${bytes.length} bytes`, `exactly ${count} strings`);
  }
  return strings;
}

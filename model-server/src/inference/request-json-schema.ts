import type { TensorMetadata, TensorType } from './backend';
import { MAX_DIMENSION } from './check-inputs';
import { DATATYPES, INTEGER_RANGES, isInteger } from './datatypes';
import { allowedElement } from './tensor-json';

type Schema = Readonly<Record<string, unknown>>;

/**
 * JSON schema (draft 2020-12) of an inference request for one model, from its signature. What it can't say is checked
 * all the same: that the elements are as many as the shape says, and that dimensions of one name have one size.
 */
export function inferRequestSchema(
  name: string,
  { inputs, outputs }: { readonly inputs: readonly TensorMetadata[]; readonly outputs: readonly TensorMetadata[] },
): Schema {
  const types = [...new Set(inputs.map(({ type }) => type))];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Inference request for ${name}`,
    type: 'object',
    required: ['inputs'],
    additionalProperties: false,
    properties: {
      id: { type: 'string', maxLength: 256, description: 'Returned with the answer.' },
      parameters: { $ref: '#/$defs/parameters' },
      inputs: {
        type: 'array',
        minItems: inputs.length,
        maxItems: inputs.length,
        items: { oneOf: inputs.map(inputSchema) },
        allOf: inputs.map((input) => ({ contains: { properties: { name: { const: input.name } } } })),
      },
      outputs: {
        type: 'array',
        maxItems: outputs.length,
        description: 'The outputs to answer with; all when left out.',
        items: {
          type: 'object',
          required: ['name'],
          properties: {
            name: { enum: outputs.map((output) => output.name) },
            parameters: { $ref: '#/$defs/parameters' },
          },
        },
      },
    },
    $defs: {
      parameters: { type: 'object', additionalProperties: { type: ['boolean', 'number', 'string'] } },
      ...Object.fromEntries(types.map((type) => [`${DATATYPES[type]}_data`, dataSchema(type)])),
    },
  };
}

function inputSchema({ name, type, shape }: TensorMetadata): Schema {
  return {
    type: 'object',
    required: ['name', 'shape', 'datatype', 'data'],
    properties: {
      name: { const: name },
      datatype: { const: DATATYPES[type] },
      shape: {
        type: 'array',
        prefixItems: shape.map((size) =>
          typeof size === 'number'
            ? { const: size }
            : { type: 'integer', minimum: 0, maximum: MAX_DIMENSION, ...(size && { title: size }) },
        ),
        items: false,
        minItems: shape.length,
      },
      parameters: { $ref: '#/$defs/parameters' },
      data: { $ref: `#/$defs/${DATATYPES[type]}_data` },
    },
  };
}

/** Flat or nested. */
function dataSchema(type: TensorType): Schema {
  return {
    type: 'array',
    description: `Row-major, flat or nested as the shape is; each element ${allowedElement(type)}.`,
    items: { anyOf: [elementSchema(type), { $ref: `#/$defs/${DATATYPES[type]}_data` }] },
  };
}

function elementSchema(type: TensorType): Schema {
  if (type === 'bool') return { type: 'boolean' };
  if (type === 'string') return { type: 'string' };
  if (type === 'int64' || type === 'uint64') {
    const minimum = type === 'int64' ? Number.MIN_SAFE_INTEGER : 0;
    const pattern = type === 'int64' ? '^-?[0-9]{1,19}$' : '^[0-9]{1,20}$';
    return {
      anyOf: [
        { type: 'integer', minimum, maximum: Number.MAX_SAFE_INTEGER },
        { type: 'string', pattern },
      ],
    };
  }
  if (isInteger(type)) {
    const [min, max] = INTEGER_RANGES[type];
    return { type: 'integer', minimum: Number(min), maximum: Number(max) };
  }
  return { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] };
}

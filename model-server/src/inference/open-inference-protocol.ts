import { z } from 'zod';
import { MAX_DIMENSION } from './check-inputs';
import { DATATYPES } from './datatypes';

/** The header that says where the JSON ends and the raw tensors begin, in bytes. */
export const JSON_LENGTH_HEADER = 'inference-header-content-length';
/** How a server's metadata name the extension by which tensors travel as raw bytes. */
export const BINARY_EXTENSION = 'binary_tensor_data';

const Parameters = z.record(z.string(), z.union([z.boolean(), z.number(), z.string()]), {
  error: 'an object of booleans, numbers and strings',
});
const Name = z.string({ error: "a tensor's name" });
const dimensions = (min: number) => {
  const error = `at most 16 whole numbers from ${min} to ${MAX_DIMENSION}`;
  return z.array(z.int({ error }).min(min, { error }).max(MAX_DIMENSION, { error }), { error }).max(16, { error });
};
const Datatypes = z.enum(Object.values(DATATYPES), { error: `one of ${Object.values(DATATYPES).join(', ')}` });

const Tensor = z.object(
  {
    name: Name,
    shape: dimensions(0),
    datatype: Datatypes,
    parameters: Parameters.optional(),
    data: z.unknown().optional(),
  },
  { error: 'an object with name, shape, datatype and data' },
);
const RequestedOutput = z.object({ name: Name, parameters: Parameters.optional() }, { error: 'an object with a name' });
const several = 'an array of 1 to 1000 tensors';

/** The body of an inference request, `$inference_request` of the protocol. */
export const InferRequestBody = z.strictObject({
  id: z.string({ error: 'a string' }).max(256, { error: 'at most 256 characters' }).optional(),
  parameters: Parameters.optional(),
  inputs: z.array(Tensor, { error: several }).min(1, { error: several }).max(1000, { error: several }),
  outputs: z.array(RequestedOutput, { error: several }).max(1000, { error: several }).optional(),
});
export type InferRequestBody = z.infer<typeof InferRequestBody>;

/** `$inference_response`, as far as it is needed. */
export const InferResponseBody = z.object({ outputs: z.array(Tensor) });

const TensorDescription = z.object({ name: z.string(), datatype: z.string(), shape: dimensions(-1) });
/** `$metadata_model_response`. */
export const ModelMetadataBody = z.object({
  name: z.string(),
  versions: z.array(z.string()).optional(),
  platform: z.string(),
  inputs: z.array(TensorDescription).min(1),
  outputs: z.array(TensorDescription).min(1),
});
/** `$metadata_server_response`. */
export const ServerMetadataBody = z.object({ extensions: z.array(z.string()).default([]) });

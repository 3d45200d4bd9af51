import type { FieldProblem } from '../problem';
import { invalidRequest } from '../request-schemas';
import type { TensorData, TensorMetadata, Tensors, TensorType, TensorValue } from './backend';
import { DATATYPES, elementCount } from './datatypes';
import { InvalidDataError } from './tensor-json';

/** Most elements of a dimension: onnxruntime and its clients count them in 32 bits. */
export const MAX_DIMENSION = 2 ** 31 - 1;

/** A tensor of a request, before it is known to fit the model. */
export interface InputTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** @throws InvalidDataError when the data is not of this type and these dimensions */
  read(type: TensorType, dims: readonly number[]): TensorData;
}

/**
 * Checks a request's tensors against a model's inputs: every input once, its datatype, its number of dimensions, the
 * fixed ones, and that dimensions of one name have one size.
 *
 * @throws Problem `invalid-request` that names every wrong field
 */
export function checkInputs(inputs: readonly InputTensor[], signature: readonly TensorMetadata[]): Tensors {
  const problems: FieldProblem[] = [];
  const checked: Record<string, TensorValue> = Object.create(null);
  const sizes = new Map<string, { size: number; of: string }>();
  inputs.forEach((input, i) => {
    const field = `inputs.${i}`;
    const metadata = signature.find(({ name }) => name === input.name);
    if (!metadata || input.name in checked) {
      const allowed = `each of ${signature.map(({ name }) => name).join(', ')} once`;
      problems.push({ field: `${field}.name`, value: input.name, allowed });
      return;
    }
    const wrong = checkType(input, metadata, field) ?? checkShape(input, metadata, field, sizes);
    if (wrong) {
      problems.push(wrong);
      checked[input.name] = { type: metadata.type, dims: [], data: [] };
      return;
    }
    try {
      checked[input.name] = { type: metadata.type, dims: input.shape, data: input.read(metadata.type, input.shape) };
    } catch (error) {
      if (!(error instanceof InvalidDataError)) throw error;
      problems.push({ field: `${field}.data${error.path}`, value: error.value, allowed: error.allowed });
      checked[input.name] = { type: metadata.type, dims: [], data: [] };
    }
  });
  const missing = signature.filter(({ name }) => !(name in checked)).map(({ name }) => name);
  if (missing.length > 0) {
    const allowed = `${missing.join(', ')} too: the model needs every input`;
    problems.push({ field: 'inputs', value: inputs.map(({ name }) => name), allowed });
  }
  if (problems.length > 0) throw invalidRequest(problems);
  return checked;
}

/** The names of the outputs to answer with: all when none are asked for. */
export function checkOutputs(asked: readonly string[], signature: readonly TensorMetadata[]): readonly string[] {
  const names = signature.map(({ name }) => name);
  if (asked.length === 0) return names;
  const problems = asked.flatMap((name, i): FieldProblem[] =>
    names.includes(name) && asked.indexOf(name) === i
      ? []
      : [{ field: `outputs.${i}.name`, value: name, allowed: `one of ${names.join(', ')}, each once` }],
  );
  if (problems.length > 0) throw invalidRequest(problems);
  return asked;
}

function checkType({ datatype }: InputTensor, { type }: TensorMetadata, field: string): FieldProblem | undefined {
  const allowed = DATATYPES[type];
  return datatype === allowed ? undefined : { field: `${field}.datatype`, value: datatype, allowed };
}

function checkShape(
  { name, shape }: InputTensor,
  metadata: TensorMetadata,
  field: string,
  sizes: Map<string, { size: number; of: string }>,
): FieldProblem | undefined {
  const expected = `[${metadata.shape.map((size) => size || 'any').join(', ')}]`;
  const problem = (allowed: string) => ({ field: `${field}.shape`, value: shape, allowed });
  if (shape.length !== metadata.shape.length) return problem(expected);
  if (!Number.isSafeInteger(elementCount(shape))) return problem(`${expected} with less than 2^53 elements`);
  for (const [axis, size] of shape.entries()) {
    const wanted = metadata.shape[axis] as number | string;
    if (typeof wanted === 'number') {
      if (size !== wanted) return problem(expected);
      continue;
    }
    // What has no name can be any size, independently of all others.
    if (wanted === '') continue;
    const known = sizes.get(wanted);
    if (known && known.size !== size) return problem(`${expected} where ${wanted} is ${known.size}, as in ${known.of}`);
    sizes.set(wanted, { size, of: name });
  }
  return undefined;
}

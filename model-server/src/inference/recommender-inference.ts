import type { ServedModels } from '../model-follower';
import type { FieldProblem } from '../problem';
import { MAX_LIMIT } from '../request-schemas';
import type { Tensors, TensorValue } from './backend';
import { type InferenceModel, ONNX_PLATFORM } from './inference-model';

/** Most cells of `items`: with {@link MAX_LIMIT} answers each, `contributions` stays below 13 MB. */
const MAX_HISTORY_CELLS = 32_768;

/**
 * The recommender's own model as one of those served by name: always the version that answers, whatever it changes to.
 * Its meaning is known, so indices that its graph would fail on, and sizes that would fill the memory, are refused.
 */
export function recommenderInference(name: string, models: ServedModels): InferenceModel {
  return {
    name,
    platform: ONNX_PLATFORM,
    get version() {
      return models.current?.model.version;
    },
    get sha256() {
      return models.current?.model.manifest.files['model.onnx'].sha256;
    },
    get backend() {
      return models.current?.model.backend;
    },
    get problem() {
      return models.current ? undefined : (models.problem ?? 'no model is loaded yet');
    },
    check: (inputs) => check(inputs, models.current?.model.items.length ?? 0),
  };
}

function check(tensors: Tensors, itemCount: number): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const [indices, k] = ['items', 'k'].map((name) => (tensors[name] as TensorValue).data) as [Int32Array, [number]];
  const wrong = indices.findIndex((index) => index < 0 || index >= itemCount);
  if (indices.length > MAX_HISTORY_CELLS || indices.length === 0) {
    problems.push({ field: 'items', value: `${indices.length} cells`, allowed: `1 to ${MAX_HISTORY_CELLS} cells` });
  } else if (wrong >= 0) {
    problems.push({
      field: `items.${wrong}`,
      value: indices[wrong],
      allowed: `an item's index, 0 to ${itemCount - 1}`,
    });
  }
  const [limit] = k;
  if (limit < 1 || limit > MAX_LIMIT) problems.push({ field: 'k', value: limit, allowed: `1 to ${MAX_LIMIT}` });
  return problems;
}

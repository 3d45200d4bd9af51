import type { FieldProblem } from '../problem';
import type { InferenceBackend, Tensors } from './backend';

/** A model served by name, whether it runs at present or not. */
export interface InferenceModel {
  readonly name: string;
  /** The one version that is served; `undefined` while none is known. */
  readonly version: string | undefined;
  /** Framework and format, as the Open Inference Protocol names them, e.g. `onnx_onnxv1`. */
  readonly platform: string;
  /** Of the file that was loaded, 64 hexadecimal digits; `undefined` for what another server runs. */
  readonly sha256: string | undefined;
  /** What runs it; `undefined` while it is not available. */
  readonly backend: InferenceBackend | undefined;
  /** Why it is not available, in one line. */
  readonly problem: string | undefined;
  /** What is wrong with tensors of the right shape, where the model's meaning is known. */
  readonly check?: (inputs: Tensors) => readonly FieldProblem[];
}

/** Triton's name for a model file of ONNX, which the protocol's document takes over. */
export const ONNX_PLATFORM = 'onnx_onnxv1';

import './telemetry-off';

export { env, InferenceSession, Tensor } from 'onnxruntime-node';

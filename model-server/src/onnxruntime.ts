import './telemetry-off';

export { InferenceSession, Tensor } from 'onnxruntime-node';

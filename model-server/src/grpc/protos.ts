import { join } from 'node:path';
import { loadSync, type PackageDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { protoPath as HEALTH_PROTO } from 'grpc-health-check';

const FOLDER = join(__dirname, '..', '..', 'proto');

/** As services they are named on the wire, in health checks, logs and metrics. */
export const RECOMMENDER_SERVICE = 'recommender.v1.Recommender';
export const INFERENCE_SERVICE = 'inference.GRPCInferenceService';

/**
 * What the .proto files define. int64 is a string of digits, because JavaScript's numbers lose some; a field that is
 * not set has its default, but for those that say `optional`.
 */
export function loadProtos(): PackageDefinition {
  return loadSync([join(FOLDER, 'recommender.proto'), join(FOLDER, 'open_inference.proto'), HEALTH_PROTO], {
    longs: String,
    // Reflection shows the names that the loader gives.
    keepCase: true,
    defaults: true,
  });
}

export function serviceOf(protos: PackageDefinition, name: string): ServiceDefinition {
  return protos[name] as ServiceDefinition;
}

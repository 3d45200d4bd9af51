import type { ReplicaSize } from '../../src';

export interface ContainerSize extends ReplicaSize {
  /** CPU a replica may use while its node has it to spare, in millicores. */
  readonly cpuLimitMillis: number;
}

/**
 * What one replica of the model server asks for. The Deployment's resources and the clouds' node counts
 * (`CapacityPlan.nodesFor`) both come from here. Memory is limit and request at once, so that a replica is never
 * evicted for what it was promised.
 */
export const MODEL_SERVER_SIZE: ContainerSize = { cpuMillis: 500, memoryMib: 768, cpuLimitMillis: 2000 };

/** Kubernetes quantities, in the form the API server answers with, so that a plan sees no difference. */
export function containerResources(size: ContainerSize) {
  const memory = `${size.memoryMib}Mi`;
  return {
    requests: { cpu: cpuQuantity(size.cpuMillis), memory },
    limits: { cpu: cpuQuantity(size.cpuLimitMillis), memory },
  };
}

function cpuQuantity(millis: number): string {
  return millis % 1000 === 0 ? `${millis / 1000}` : `${millis}m`;
}

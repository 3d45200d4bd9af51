export { type AvailabilityReport, availabilityReport } from '../availability/availability-report';
export { type CapacityReport, capacityReport } from '../capacity/capacity-report';
export { AvailabilityGuard, type AvailabilityGuardProps } from './availability-guard';
export { CapacityGuard, type CapacityGuardProps } from './capacity-guard';
export type { Finding, Guard } from './guard';
export { guardStacks, synthesizedStack } from './guard-stacks';
export { type ImpliedResource, implyResource } from './implied-resource';

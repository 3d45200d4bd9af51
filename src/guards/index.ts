export { type AvailabilityReport, availabilityReport } from '../availability/availability-report';
export { type CapacityReport, capacityReport } from '../capacity/capacity-report';
export {
  compareNodes,
  type NodeComparison,
  type NodeComparisonProps,
  type NodeOption,
} from '../comparison/node-comparison';
export { type Bill, type BillOptions, billOf } from '../cost/bill';
export { loadWithin } from '../cost/load-within';
export type { OwnPrices } from '../cost/price-list';
export type { UsageAssumptions } from '../cost/usage';
export { actionProblems } from '../lifecycle/workflow-actions';
export type { SecurityReport } from '../security/security-report';
export type { Suppression } from '../security/suppression';
export type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
export { AvailabilityGuard, type AvailabilityGuardProps } from './availability-guard';
export { BoundedStateGuard } from './bounded-state-guard';
export { CapacityGuard, type CapacityGuardProps } from './capacity-guard';
export { CostGuard, type CostGuardProps } from './cost-guard';
export type { Finding, Guard } from './guard';
export { guardStacks, synthesizedStack } from './guard-stacks';
export { type ImpliedResource, implyResource } from './implied-resource';
export { keepForGood } from './kept-for-good';
export { RetiredPartsGuard, type RetiredPartsGuardProps } from './retired-parts-guard';
export { SecurityGuard, type SecurityGuardOptions } from './security-guard';
export { SuppressionGuard } from './suppression-guard';

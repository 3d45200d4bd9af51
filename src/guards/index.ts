export type { OwnPrice } from '../cost/price-list';
export type { UsageAssumptions } from '../cost/usage';
export { CostGuard, type CostGuardProps } from './cost-guard';
export type { Finding, Guard } from './guard';
export { guardStacks } from './guard-stacks';
export { type ImpliedResource, implyResource } from './implied-resource';

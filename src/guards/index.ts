export type { Finding, Guard } from './guard';
export { guardStacks } from './guard-stacks';
export { type ImpliedResource, implyResource } from './implied-resource';
export { RetiredPartsGuard, type RetiredPartsGuardProps } from './retired-parts-guard';

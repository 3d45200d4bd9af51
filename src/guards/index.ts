export { actionProblems } from '../lifecycle/workflow-actions';
export type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
export { BoundedStateGuard } from './bounded-state-guard';
export type { Finding, Guard } from './guard';
export { guardStacks } from './guard-stacks';
export { type ImpliedResource, implyResource } from './implied-resource';
export { keepForGood } from './kept-for-good';
export { RetiredPartsGuard, type RetiredPartsGuardProps } from './retired-parts-guard';

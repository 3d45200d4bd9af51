export type { Finding, Guard } from './guard';
export { guardStacks } from './guard-stacks';
export { type ImpliedResource, implyResource } from './implied-resource';

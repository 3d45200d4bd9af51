export type { SecurityReport } from '../security/security-report';
export type { Suppression } from '../security/suppression';
export type { Finding, Guard } from './guard';
export { guardStacks } from './guard-stacks';
export { type ImpliedResource, implyResource } from './implied-resource';
export { SecurityGuard, type SecurityGuardOptions } from './security-guard';

export * from './canary-target';
export * from './config';
export * from './deployment-target';
export * from './follower';
export * from './health-server';
export type { KubernetesApi, ObjectReference } from './kubernetes-api';
export * from './poller';
export * from './rollout-target';
export * from './version-pin';

export * from './cluster';
export * from './cross-cloud-sync';
export * from './endpoint-access';
export * from './model-store';
export * from './workload-identity';

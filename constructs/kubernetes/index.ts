export * from '../contracts';
export * from './model-server';
export * from './observability-stack';
export * from './recommender-namespace';
export * from './sync-job';
export * from './workload-sizes';

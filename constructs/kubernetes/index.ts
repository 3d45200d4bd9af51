export * from './model-server';
export * from './model-server-size';
export * from './observability-stack';
export * from './recommender-namespace';
export * from './sync-job';

export * from './manifest';
export * from './weighting';

export * from './manifest';
export * from './recommender-signature';
export * from './weighting';

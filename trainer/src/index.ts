export { type CleaningAccount, DROP_REASONS, type DropReason } from './data/cleaning';
export { checkData, type Dataset, ONLINE_RETAIL, type ReadOptions, readDataset } from './data/dataset';
export { type CustomerHistory, histories } from './data/histories';
export { DataError, TrainerError } from './errors';

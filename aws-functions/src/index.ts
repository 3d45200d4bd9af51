export { DataBucket } from './data-bucket';
export { SettingsError, StageError, type StageErrorName } from './errors';
export { COMMANDS, openHandler } from './open-handler';
export { openReader, type Reader } from './reading/read';
export { OUTCOMES, type Outcome, RunTable, type RunTableOptions } from './retraining/run-table';
export { type Handler, type Invocation, serveInvocations } from './runtime';
export { ScoringTask } from './scoring/scoring-task';

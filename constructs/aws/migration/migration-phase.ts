/** What is on in a phase of a migration. */
export interface MigrationState {
  /** The database that the application writes to. */
  readonly writes: 'source' | 'target';
  /** Whether the task from source to target runs: what is there, then each change. */
  readonly forward: 'running' | 'stopped';
  /** Whether there is a task that compares every row of both and writes none. */
  readonly comparison: boolean;
  /** The task that carries changes of the target back to the source, so that going back loses nothing. */
  readonly reverse: 'none' | 'running' | 'stopped';
  /** Whether the migration may connect to the databases. */
  readonly connected: boolean;
}

/**
 * The phases, in their order. A deploy of the next one is the step: tasks are stopped before others are started.
 * `undone` follows `cut-over` when it has to be taken back.
 */
export const MIGRATION_PHASES = {
  replicate: { writes: 'source', forward: 'running', comparison: false, reverse: 'none', connected: true },
  verify: { writes: 'source', forward: 'running', comparison: true, reverse: 'none', connected: true },
  'cut-over': { writes: 'target', forward: 'stopped', comparison: false, reverse: 'running', connected: true },
  undone: { writes: 'source', forward: 'stopped', comparison: false, reverse: 'stopped', connected: false },
} as const satisfies Record<string, MigrationState>;

export type MigrationPhase = keyof typeof MIGRATION_PHASES;

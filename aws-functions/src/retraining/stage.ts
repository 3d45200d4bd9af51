import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelRegistry } from '@cdktf-recommender/model-registry';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { DataBucket } from '../data-bucket';
import { StageError, typed } from '../errors';
import type { Handler } from '../runtime';
import type { RetrainingSettings } from '../settings';
import type { RunTable } from './run-table';

/** What the stages of a retraining share. */
export interface Workshop {
  readonly settings: RetrainingSettings;
  readonly bucket: DataBucket;
  readonly registry: ModelRegistry;
  readonly runs: RunTable;
  /** Tells people how a run ended. */
  readonly notify: (subject: string, message: string) => Promise<void>;
  readonly logger: Logger;
}

/** A stage's work: takes what the state machine hands it, and a folder that is gone when it is over. */
export interface Stage<Input extends z.ZodType = z.ZodType> {
  readonly input: Input;
  run(input: z.infer<Input>, workshop: Workshop, folder: string): Promise<Record<string, unknown>>;
}

/** Keeps the types of a stage's input. */
export function stage<Input extends z.ZodType>(definition: Stage<Input>): Stage {
  return definition as Stage;
}

/** What each stage is handed: the run's name, which is the execution's. */
export const Run = { runId: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/, 'must be 1 to 80 letters, digits, _ and -') };

/** Files of a run, by stage. */
export const keysOf = (runId: string) => ({
  data: `intermediate/${runId}/transactions.csv`,
  histories: `intermediate/${runId}/histories.jsonl`,
  account: `intermediate/${runId}/account.json`,
  candidate: (name: string) => `intermediate/${runId}/candidates/${name}`,
  output: (name: string) => `output/${runId}/${name}`,
});

/** A stage as a function of Lambda: its failures carry the names that the state machine knows. */
export function stageHandler({ input, run }: Stage, workshop: Workshop): Handler {
  return async (event) => {
    const parsed = input.safeParse(event);
    if (!parsed.success) throw new StageError('InputUnusable', z.prettifyError(parsed.error));
    // A function that is used again must not find what an invocation before it left.
    await mkdir(workshop.settings.scratch, { recursive: true });
    const folder = await mkdtemp(join(workshop.settings.scratch, 'stage-'));
    try {
      return await run(parsed.data, workshop, folder);
    } catch (error) {
      throw typed(error);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

import { z } from 'zod';
import { OUTCOMES } from './run-table';
import { Run, stage } from './stage';

/** Longest cause that is kept: a stack trace helps nobody in a mail. */
const REASON = 500;

/** Notes how the run ended, gives the lock back and tells people. */
export const finish = stage({
  input: z.strictObject({
    ...Run,
    outcome: z.enum(OUTCOMES),
    version: z.string().optional(),
    /** As Step Functions tells of an error. */
    error: z.object({ Error: z.string(), Cause: z.string().optional() }).optional(),
  }),
  run: async ({ runId, outcome, version, error }, { runs, notify, settings, logger }) => {
    const reason = error && `${error.Error}: ${messageOf(error.Cause ?? '')}`.slice(0, REASON);
    await runs.finish(runId, outcome, { version, reason });
    const about = { model: settings.model, runId, outcome, version, reason };
    logger.info(about, 'the run is over');
    await notify(`Retraining of ${settings.model}: ${outcome}`, JSON.stringify(about, null, 2));
    return {};
  },
});

/** Of a function's error, which Step Functions hands on as JSON, the message alone. */
function messageOf(cause: string): string {
  try {
    return (JSON.parse(cause) as { errorMessage?: string }).errorMessage ?? cause;
  } catch {
    return cause;
  }
}

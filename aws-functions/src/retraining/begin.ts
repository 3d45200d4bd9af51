import { z } from 'zod';
import { Run, stage } from './stage';

/** Takes the lock. */
export const begin = stage({
  input: z.strictObject(Run),
  run: async ({ runId }, { runs }) => {
    await runs.begin(runId);
    return {};
  },
});

import { z } from 'zod';
import { Run, stage } from './stage';

/** Points the channel to the new version, unless somebody moved it since the data were prepared. */
export const promote = stage({
  input: z.strictObject({ ...Run, version: z.string(), champion: z.string().nullable() }),
  run: async ({ runId, version, champion }, { registry, settings }) => {
    const current = await registry.channel(settings.channel);
    // A second attempt finds what the first one did.
    if (current?.version === version) return { version };
    await registry.promote(settings.channel, version, { by: `retraining ${runId}`, expected: champion });
    return { version };
  },
});

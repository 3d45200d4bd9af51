import { z } from 'zod';
import { SuppressionSchema } from '../security/suppression';
import { object } from './checks';

/** `security` */
export const SecurityConfig = object({
  suppressions: z
    .array(SuppressionSchema)
    .default([])
    .describe(
      'Rules that constructs may break for a while, each with `rule`, `path`, `reason` and `until`: [security-rules.md](security-rules.md#suppressions).',
    ),
}).prefault({});

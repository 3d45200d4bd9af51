import { z } from 'zod';
import { UsageError } from '../failure';

const Change = z.object({
  actions: z.array(z.enum(['no-op', 'create', 'read', 'update', 'delete', 'forget'])),
  before: z.unknown(),
  after: z.unknown(),
  after_unknown: z.unknown(),
  before_sensitive: z.unknown(),
  after_sensitive: z.unknown(),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  importing: z.unknown().optional(),
});

const ResourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.enum(['managed', 'data']),
  type: z.string(),
  name: z.string(),
  change: Change,
});

/** What is read of `terraform show -json`: https://developer.hashicorp.com/terraform/internals/json-format */
const Plan = z.object({
  format_version: z.string().regex(/^1\./),
  resource_changes: z.array(ResourceChange).default([]),
  resource_drift: z.array(ResourceChange).default([]),
  errored: z.boolean().default(false),
});

export type ResourceChange = z.infer<typeof ResourceChange>;
export type TerraformPlan = z.infer<typeof Plan>;

/**
 * A plan that `terraform show -json` printed.
 *
 * @throws UsageError when it is none, or of a plan that ended with an error
 */
export function parsePlan(text: string, from: string): TerraformPlan {
  const plan = Plan.safeParse(json(text));
  if (!plan.success)
    throw new UsageError(`${from} is no plan as JSON, format 1; 'terraform show -json <plan>' prints one.`);
  if (plan.data.errored) throw new UsageError(`${from} is of a plan that ended with an error; plan again.`);
  return plan.data;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

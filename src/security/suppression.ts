import { z } from 'zod';
import { ConfigError } from '../errors';
import type { Violation } from './find-violations';
import { SECURITY_RULES } from './rules';

export const SuppressionSchema = z.strictObject({
  rule: z
    .string()
    .refine((id) => SECURITY_RULES.some((rule) => rule.id === id), 'must be the id of a rule of docs/security-rules.md')
    .describe('Id of the rule that a construct may break: `AWS-S3-009`.'),
  path: z
    .string()
    .min(1, 'must be the path of a construct')
    .describe('Path of the construct, and of all in it; `*` is any name, `**` any path: `aws-*/ModelStore`.'),
  reason: z
    .string()
    .trim()
    .min(10, 'must be a sentence of 10 characters or more')
    .describe('Why it may, in words that a reviewer can judge.'),
  until: z.iso.date('must be a day such as 2027-03-31').describe('Last day on which it may: `2027-03-31`.'),
});

/** A rule that a construct may break for a while. */
export type Suppression = z.infer<typeof SuppressionSchema>;

/** @throws ConfigError naming the first one that isn't whole, or whose rule isn't known */
export function checkedSuppressions(suppressions: readonly Suppression[]): Suppression[] {
  return suppressions.map((suppression, index) => {
    const { success, data, error } = SuppressionSchema.safeParse(suppression);
    if (success) return data;
    const [issue] = error.issues;
    const field = String(issue?.path[0] ?? '');
    const value = JSON.stringify(Reflect.get(suppression, field));
    throw new ConfigError(`suppressions[${index}]${field && `.${field}`} is ${value}: it ${issue?.message}.`);
  });
}

/** Whether a suppression is of a violation, whatever the date. */
export function covers({ rule, path }: Suppression, violation: Pick<Violation, 'rule' | 'path'>): boolean {
  return rule === violation.rule && pattern(path).test(violation.path);
}

/** A path stands for all that is in it. */
function pattern(path: string): RegExp {
  const source = path
    .replace(/\/$/, '')
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*|\*/g, (wildcard) => (wildcard === '**' ? '.*' : '[^/]*'));
  return new RegExp(`^${source}(/.*)?$`);
}

/** Whether its last day has gone by. */
export function isPast({ until }: Suppression, today: Date): boolean {
  return today.toISOString().slice(0, 10) > until;
}

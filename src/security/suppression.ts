import { z } from 'zod';
import { ConfigError } from '../errors';
import type { Violation } from './find-violations';
import type { SecurityRule } from './rule';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export const SuppressionSchema = z.strictObject({
  rule: z.string().describe('Id of the rule that a construct may break: `AWS-S3-009`.'),
  path: z
    .string()
    .min(1)
    .describe('Path of the construct, and of all in it; `*` is any name, `**` any path: `aws-*/ModelStore`.'),
  reason: z.string().trim().min(10).describe('Why it may, in words that a reviewer can judge.'),
  until: z
    .string()
    .regex(DATE)
    .refine((date) => !Number.isNaN(Date.parse(date)) && new Date(date).toISOString().startsWith(date))
    .describe('Last day on which it may: `2027-03-31`.'),
});

/** A rule that a construct may break for a while. */
export type Suppression = z.infer<typeof SuppressionSchema>;

/** @throws ConfigError naming the first one that isn't whole, or whose rule isn't known */
export function checkedSuppressions(
  suppressions: readonly Suppression[],
  rules: readonly SecurityRule[],
): Suppression[] {
  return suppressions.map((suppression, index) => {
    const parsed = SuppressionSchema.safeParse(suppression);
    const name = `suppressions[${index}]`;
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const field = String(issue?.path[0] ?? '');
      const value = JSON.stringify(Reflect.get(suppression, field));
      throw new ConfigError(
        `${name}.${field} is ${value}; allowed is ${ALLOWED[field] ?? 'rule, path, reason and until'}.`,
      );
    }
    if (!rules.some(({ id }) => id === parsed.data.rule)) {
      throw new ConfigError(
        `${name}.rule is "${parsed.data.rule}", which is no rule; docs/security-rules.md lists them. Name one, or remove it.`,
      );
    }
    return parsed.data;
  });
}

const ALLOWED: Readonly<Record<string, string>> = {
  rule: 'the id of a rule',
  path: 'the path of a construct',
  reason: 'a sentence of 10 characters or more',
  until: 'a day such as 2027-03-31',
};

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

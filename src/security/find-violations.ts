import type { Fields } from '../synthesized/stack-json';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { clusterObjects } from './cluster-objects';
import type { SecurityRule, Severity } from './rule';
import { Subject } from './subject';

/** A rule that a resource breaks. */
export interface Violation {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  /** Path of the construct. */
  readonly path: string;
  /** `aws_s3_bucket.ModelStore_926D9317` */
  readonly address: string;
  /** What is wrong: `storage_encrypted is false`. */
  readonly problem: string;
  readonly reason: string;
  readonly fix: string;
  readonly reference: string;
}

/** A rule, a resource that it applies to, and what is wrong there. */
export interface Verdict {
  readonly rule: SecurityRule;
  readonly subject: Subject;
  readonly problem: string | undefined;
}

/** Holds all of a stack against rules. */
export function verdicts(stack: SynthesizedStack, rules: readonly SecurityRule[]): Verdict[] {
  const subjects = subjectsOf(stack);
  return rules.flatMap((rule) =>
    subjects
      .filter(({ type }) => rule.appliesTo.includes(type))
      .map((subject) => ({ rule, subject, problem: rule.check(subject) })),
  );
}

/** What of a stack breaks rules. */
export function findViolations(stack: SynthesizedStack, rules: readonly SecurityRule[]): Violation[] {
  return verdicts(stack, rules).flatMap(({ rule, subject, problem }) => {
    if (problem === undefined) return [];
    const { id, title, severity, reason, fix, reference } = rule;
    const { path, address } = subject;
    return [{ rule: id, title, severity, path, address, problem, reason, fix, reference }];
  });
}

function subjectsOf(stack: SynthesizedStack): Subject[] {
  const declared = new Map(stack.resources.map(({ address, block }) => [address, block]));
  const subjects: Subject[] = [];
  const around = { stack, subjects, declared: (address: string) => declared.get(address) };
  // Of what a controller makes, no more is told than guards of figures need.
  for (const resource of stack.resources.filter(({ madeBy }) => madeBy === undefined)) {
    subjects.push(new Subject({ ...resource, block: stack.known(resource.block) as Fields }, around));
  }
  for (const object of clusterObjects(stack).objects) subjects.push(new Subject(object, around));
  return subjects;
}

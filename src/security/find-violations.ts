import type { Fields } from '../synthesized/stack-json';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { type ClusterObjects, clusterObjects } from './cluster-objects';
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

/** A resource of a cluster that couldn't be read, so that no rule was held against it. */
export interface Unread {
  readonly path: string;
  readonly address: string;
  readonly cause: string;
}

/** Holds all of a stack against rules. */
export function verdicts(
  stack: SynthesizedStack,
  rules: readonly SecurityRule[],
  { objects }: ClusterObjects = clusterObjects(stack),
): Verdict[] {
  const byType = new Map<string, Subject[]>();
  for (const subject of subjectsOf(stack, objects)) {
    byType.set(subject.type, [...(byType.get(subject.type) ?? []), subject]);
  }
  return rules.flatMap((rule) =>
    rule.appliesTo
      .flatMap((type) => byType.get(type) ?? [])
      .map((subject) => ({ rule, subject, problem: rule.check(subject) })),
  );
}

/** What of a stack breaks rules, and what of it couldn't be read. */
export function findViolations(
  stack: SynthesizedStack,
  rules: readonly SecurityRule[],
): { readonly violations: readonly Violation[]; readonly unread: readonly Unread[] } {
  const inCluster = clusterObjects(stack);
  const violations = verdicts(stack, rules, inCluster).flatMap(({ rule, subject, problem }) => {
    if (problem === undefined) return [];
    const { id, title, severity, reason, fix, reference } = rule;
    const { path, address } = subject;
    return [{ rule: id, title, severity, path, address, problem, reason, fix, reference }];
  });
  return {
    violations,
    unread: inCluster.unread.map(({ resource: { path, address }, cause }) => ({ path, address, cause })),
  };
}

function subjectsOf(stack: SynthesizedStack, objects: ClusterObjects['objects']): Subject[] {
  const declared = new Map(stack.resources.map(({ address, block }) => [address, block]));
  const subjects: Subject[] = [];
  const around = { stack, subjects, declared: (address: string) => declared.get(address) };
  // Of what a controller makes, no more is told than guards of figures need.
  for (const resource of stack.resources.filter(({ madeBy }) => madeBy === undefined)) {
    subjects.push(new Subject({ ...resource, block: stack.known(resource.block) as Fields }, around));
  }
  for (const object of objects) subjects.push(new Subject(object, around));
  return subjects;
}

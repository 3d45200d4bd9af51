import { firstOf } from '../checks';
import { isNarrowed, isPublic, type Statement } from '../iam-policy';
import type { Problem } from '../rule';
import type { Subject } from '../subject';

/** No statement of a resource's policy is for everybody, unless a condition says who that is. */
export const policyLetsNobodyIn = (argument: string) =>
  statementsOf(argument, (statement) =>
    isPublic(statement) && !isNarrowed(statement)
      ? `${argument} allows ${listed(statement.actions)} to everybody`
      : undefined,
  );

/** Every statement of a policy; the first problem is told. */
export const statementsOf =
  (argument: string, check: (statement: Statement) => Problem) =>
  (subject: Subject): Problem =>
    firstOf(subject.statements(argument), check);

export const listed = (names: readonly string[]) => (names.length === 0 ? 'all' : names.join(', '));

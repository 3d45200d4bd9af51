import type { Call } from '../role-expectation';
import { type Context, met, segments } from './conditions';
import { matches } from './matching';
import { list, type OneOrMore, type Policy, type Statement, statementsOf } from './policy';
import { withVariables } from './variables';

/**
 * Whether identity policies let a call through, as IAM decides within one account: an Allow does, unless there is a Deny.
 * A boundary has to allow it as well. Source: IAM user guide, "Policy evaluation logic".
 */
export function allows(policies: readonly Policy[], call: Call, boundary?: Policy): boolean {
  if (boundary && !allows([boundary], call)) return false;
  const about = policies.flatMap(statementsOf).filter((statement) => isAbout(statement, call));
  return about.some(({ Effect }) => Effect === 'Allow') && !about.some(({ Effect }) => Effect === 'Deny');
}

/** Statements on an action, whatever the resource, that ask for more of a request than action and resource. */
export function conditional(policies: readonly Policy[], { action }: Call): Statement[] {
  return policies
    .flatMap(statementsOf)
    .filter((statement) => isOnAction(statement, action))
    .filter(
      ({ Condition, NotResource, Resource }) => Condition || NotResource || /\?|\$\{/.test(list(Resource).join()),
    );
}

function isAbout(statement: Statement, { action, resource, context = {} }: Call): boolean {
  return isOnAction(statement, action) && isOnResource(statement, resource, context) && met(statement, context);
}

function isOnAction({ Action, NotAction }: Statement, action: string): boolean {
  const named = (actions: OneOrMore) =>
    list(actions).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
  return NotAction === undefined ? named(Action ?? []) : !named(NotAction);
}

function isOnResource({ Resource, NotResource }: Statement, resource: string, context: Context): boolean {
  const named = (resources: OneOrMore) =>
    list(resources).some((pattern) => isResource(withVariables(pattern, context), resource));
  return NotResource === undefined ? named(Resource ?? []) : !named(NotResource);
}

/** A wildcard in one of an ARN's parts doesn't reach into the next; `*` alone is everything. */
function isResource(pattern: string | undefined, resource: string): boolean {
  if (pattern === undefined) return false;
  if (pattern === '*') return true;
  const [patterns, parts] = [segments(pattern), segments(resource)];
  return patterns.length === parts.length && patterns.every((one, at) => matches(one, parts[at] ?? ''));
}

import { list, type Policy, type Statement, statementsOf } from './policy';

/** The actions of a policy's Allow statements that have a `*`, or are on every resource. */
export function wildcardActions(policy: Policy): string[] {
  return statementsOf(policy)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) => {
      const actions = list(statement.Action ?? '*');
      return isOnEverything(statement) ? [...actions] : actions.filter((action) => action.includes('*'));
    });
}

function isOnEverything({ Resource, NotResource }: Statement): boolean {
  return NotResource !== undefined || list(Resource).includes('*');
}

import { list, type Policy, statementsOf } from './policy';

/** Whom a role's trust names: services, ARNs, issuers; `*` for everybody. */
export function trusted(trust: Policy): string[] {
  return statementsOf(trust)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Principal = [] }) =>
      typeof Principal === 'string' ? [Principal] : Object.values(Principal).flatMap(list),
    )
    .map(String);
}

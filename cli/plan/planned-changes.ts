import diff from 'microdiff';
import { HOLDS_DATA } from '../../src/lifecycle/data-holders';
import { walk } from '../../src/synthesized/stack-json';
import type { ResourceChange, TerraformPlan } from './terraform-plan';

/** What becomes of a resource, the gravest first. */
export const ACTIONS = ['destroy', 'replace', 'change', 'create', 'import', 'move', 'forget'] as const;
export type Action = (typeof ACTIONS)[number];

/** An argument that differs. */
export interface Difference {
  /** `scaling_config[0].max_size` */
  readonly argument: string;
  /** As JSON; what is sensitive, or known after the apply only, is said so. */
  readonly before: string;
  readonly after: string;
  /** Whether the resource is made anew because of it. */
  readonly replaces: boolean;
}

export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  /** Path of the construct, `aws-prod/ModelStore`; the address, of what the stack has no longer. */
  readonly construct: string;
  readonly action: Action;
  /** Whether something is lost with it. */
  readonly losesData: boolean;
  readonly differences: readonly Difference[];
}

/** Address to construct path, as far as it is known. */
export type Paths = ReadonlyMap<string, string>;

/** What a plan does, the gravest first. */
export function plannedChanges({ resource_changes }: TerraformPlan, paths: Paths): PlannedChange[] {
  return changesOf(resource_changes, paths);
}

/**
 * What was changed outside of Terraform since the last apply, of the resources that the plan changes: of all others, a
 * provider writes down after each refresh what the cloud filled in.
 */
export function changedOutside({ resource_changes, resource_drift }: TerraformPlan, paths: Paths): PlannedChange[] {
  const changed = new Set(resource_changes.filter(actionOf).map(({ address }) => address));
  const drifted = resource_drift.filter(({ address }) => changed.has(address));
  return changesOf(drifted, paths).map((change) => ({ ...change, losesData: false }));
}

function changesOf(changes: readonly ResourceChange[], paths: Paths): PlannedChange[] {
  return changes
    .flatMap((resource) => {
      const action = actionOf(resource);
      if (!action) return [];
      const { address, type, change } = resource;
      const construct = paths.get(address) ?? address;
      const lost = (action === 'destroy' || action === 'replace') && HOLDS_DATA.has(type);
      const differs = action === 'change' || action === 'replace';
      return [{ address, type, construct, action, losesData: lost, differences: differs ? differences(change) : [] }];
    })
    .sort((a, b) => ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action) || a.construct.localeCompare(b.construct));
}

function actionOf({ mode, change, previous_address }: ResourceChange): Action | undefined {
  const does = (action: ResourceChange['change']['actions'][number]) => change.actions.includes(action);
  if (mode === 'data') return undefined;
  if (does('delete')) return does('create') ? 'replace' : 'destroy';
  if (does('update')) return 'change';
  if (does('create')) return 'create';
  if (does('forget')) return 'forget';
  if (change.importing) return 'import';
  return previous_address === undefined ? undefined : 'move';
}

/** What differs, but for what the cloud will tell of a new or changed resource by itself. */
function differences(change: ResourceChange['change']): Difference[] {
  const { before, after, after_unknown, before_sensitive, after_sensitive, replace_paths = [] } = change;
  return diff(object(before), object(withUnknown(after, after_unknown))).flatMap((found) => {
    const { path } = found;
    const [old, now] = [
      found.type === 'CREATE' ? undefined : found.oldValue,
      found.type === 'REMOVE' ? undefined : found.value,
    ];
    const replaces = replace_paths.some((why) => why.every((part, i) => i >= path.length || part === path[i]));
    if ((now === UNKNOWN && !replaces) || (isEmpty(old) && isEmpty(now))) return [];
    const secret = isMarked(before_sensitive, path) || isMarked(after_sensitive, path);
    const written = (value: unknown) => (secret ? 'sensitive' : readable(value));
    return [{ argument: argumentOf(path), before: written(old), after: written(now), replaces }];
  });
}

const object = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** Null, no element, no text: providers turn one into another. */
const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** Stands for a value that only the cloud will tell. */
const UNKNOWN = Symbol('known after apply');

/** `after`, with what is marked as unknown in it. */
function withUnknown(after: unknown, unknown: unknown): unknown {
  if (unknown === true) return UNKNOWN;
  if (typeof unknown !== 'object' || unknown === null) return after;
  const into: Record<string, unknown> | unknown[] = Array.isArray(unknown)
    ? [...(Array.isArray(after) ? after : [])]
    : { ...object(after) };
  for (const [key, part] of Object.entries(unknown)) {
    const value = withUnknown(Reflect.get(into, key), part);
    if (value !== undefined) Reflect.set(into, key, value);
  }
  return into;
}

/** Whether a value is marked, or one that it is in. */
const isMarked = (marks: unknown, path: readonly (string | number)[]) =>
  path.some((_, i) => walk(marks, path.slice(0, i)) === true) || walk(marks, path) === true;

const argumentOf = (path: readonly (string | number)[]) =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${part}`)).join('');

function readable(value: unknown): string {
  return value === UNKNOWN ? 'known after apply' : (JSON.stringify(value) ?? 'none');
}

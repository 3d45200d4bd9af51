import type { Fields } from '../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import { numberAt, textAt } from './estimator';

/** Fewest and most of something that scales. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const HOURS_A_WEEK = 168;

interface Action extends Bounds {
  /** Hours of the week, counted from Sunday at 0. */
  readonly hours: readonly number[];
}

/** What bounds are over a week on average, where scheduled actions change them; as they are where none does. */
export function averageBounds(bounds: Bounds, actions: readonly Action[]): Bounds {
  const events = actions.flatMap(({ hours, min, max }) => hours.map((hour) => ({ hour, min, max })));
  if (events.length === 0) return bounds;
  const inOrder = events.sort((a, b) => a.hour - b.hour);
  let now = inOrder.at(-1) as Bounds;
  const total = { min: 0, max: 0 };
  for (let hour = 0; hour < HOURS_A_WEEK; hour++) {
    now = inOrder.findLast((event) => event.hour === hour) ?? now;
    total.min += now.min;
    total.max += now.max;
  }
  return { min: total.min / HOURS_A_WEEK, max: total.max / HOURS_A_WEEK };
}

/** Scheduled actions of an autoscaling group. */
export function groupActions(stack: SynthesizedStack, group: SynthesizedResource, bounds: Bounds): Action[] {
  return actionsOf(stack, 'aws_autoscaling_schedule', (block) => block.autoscaling_group_name, group).flatMap((block) =>
    action(textAt(block, ['recurrence']), {
      min: numberAt(block, ['min_size'], bounds.min),
      max: numberAt(block, ['max_size'], bounds.max),
    }),
  );
}

/** Scheduled actions of what Application Auto Scaling scales. */
export function targetActions(stack: SynthesizedStack, target: SynthesizedResource, bounds: Bounds): Action[] {
  const type = 'aws_appautoscaling_scheduled_action';
  return actionsOf(stack, type, (block) => block.resource_id, target).flatMap((block) => {
    const cron = /^cron\((.*)\)$/.exec(textAt(block, ['schedule']))?.[1] ?? '';
    return action(cron, {
      min: numberAt(block, ['scalable_target_action', 0, 'min_capacity'], bounds.min),
      max: numberAt(block, ['scalable_target_action', 0, 'max_capacity'], bounds.max),
    });
  });
}

function actionsOf(
  stack: SynthesizedStack,
  type: string,
  of: (block: Fields) => unknown,
  { address }: SynthesizedResource,
): Fields[] {
  return stack
    .ofType(type)
    .filter(({ block }) => stack.referredBy(of(block)).some((one) => one.address === address))
    .map(({ block }) => stack.known(block) as Fields);
}

/** An action at one hour of some days; anything that says more than that isn't counted. */
function action(cron: string, bounds: Bounds): Action[] {
  const [, hour = '', , , days = ''] = cron.trim().split(/\s+/);
  if (!/^\d{1,2}$/.test(hour)) return [];
  const hours = daysOf(days).map((day) => day * 24 + Number(hour));
  return hours.length > 0 ? [{ hours, ...bounds }] : [];
}

/** Days of the week of `MON-FRI`, `SAT,SUN`, `*` or `?`. */
function daysOf(text: string): number[] {
  if (text === '*' || text === '?') return DAYS.map((_, day) => day);
  return text.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-');
    const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)];
    if (from < 0 || to < 0) return [];
    const length = ((to - from + 7) % 7) + 1;
    return Array.from({ length }, (_, index) => (from + index) % 7);
  });
}

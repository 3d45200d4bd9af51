import { z } from 'zod';
import { type FieldProblem, Problem } from './problem';

/** Most items an answer can have. */
export const MAX_LIMIT = 100;
export const DEFAULT_LIMIT = 10;
/** Most reasons per item. */
export const MAX_REASONS = 10;
/** Most items of a session. */
export const MAX_SESSION_ITEMS = 100;
/** Wrong fields that are named; the rest are counted. */
const PROBLEMS_SHOWN = 10;
/** Most items a request can exclude. */
export const MAX_EXCLUDED = 500;

// Every message says what is allowed, because a problem's `allowed` is taken from it.
const wholeNumber = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const isDigits = (value: unknown): value is string => typeof value === 'string' && /^\d{1,9}$/.test(value);

/** A whole number of a query. */
export const wholeNumberText = (min: number, max: number) =>
  z.preprocess((value) => (isDigits(value) ? Number(value) : value), wholeNumber(min, max));

// Half a surrogate pair has no UTF-8, so that different ids would become the same.
const text = (what: string, least = 1) =>
  z.string({ error: `${what}, 1 to 128 characters` }).regex(new RegExp(`^[^\\p{Cc}\\p{Cs}]{${least},128}$`, 'u'), {
    error: `${what}, 1 to 128 characters, none of them a control character`,
  });

export const UserId = text("a customer's id");
export const ItemId = text("an item's id");

const flag = z.boolean({ error: 'true or false' });
const FLAGS = new Map<unknown, boolean>([
  ['true', true],
  ['false', false],
]);
const flagText = z.preprocess((value) => FLAGS.get(value) ?? value, flag);

const excludedOf = (id: typeof ItemId) =>
  z
    .array(id, { error: `at most ${MAX_EXCLUDED} item ids` })
    .max(MAX_EXCLUDED, { error: `at most ${MAX_EXCLUDED} item ids` })
    .default([]);

/** What the fields mean, in the OpenAPI document. */
const MEANING = {
  limit: 'Items to answer with, at most.',
  reasons: 'Reasons for each item, at most; 0 leaves them out, which is faster.',
  excludeSeen: 'Whether items of the history and of the request are left out.',
  exclude: 'Ids of further items to leave out.',
};

const limitText = wholeNumberText(1, MAX_LIMIT).default(DEFAULT_LIMIT).describe(MEANING.limit);

/** A list in a query is separated by commas, or the parameter is repeated. */
const commaSeparated = (value: unknown) =>
  [value].flat().flatMap((part) => (typeof part === 'string' ? part.split(',').filter(Boolean) : [part]));

/** An empty list is written as one empty id, and these are left out before any is checked. */
const excludedText = z
  .preprocess((value) => (value === undefined ? [] : commaSeparated(value)), excludedOf(text("an item's id", 0)))
  .describe(MEANING.exclude);

export const UserQuery = z.strictObject({
  limit: limitText,
  reasons: wholeNumberText(0, MAX_REASONS).default(0).describe(MEANING.reasons),
  excludeSeen: flagText.default(true).describe(MEANING.excludeSeen),
  exclude: excludedText,
});

export const SimilarQuery = z.strictObject({
  limit: limitText,
  exclude: excludedText,
});

/** Kinds of events; what a later one says goes into a schema of its own. */
export const EVENT_TYPES = ['purchase'] as const;
/** Most events of a request. */
export const MAX_EVENTS = 100;

/** ISO 8601 (UTC where it names no zone), or milliseconds since the epoch. */
export const EventTime = z.union(
  [
    z.int(),
    z.iso
      .datetime({ local: true, offset: true })
      .transform((text) => Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)),
  ],
  { error: 'an ISO 8601 time or whole milliseconds since the epoch' },
);

export const EventId = text("an event's id");

const Event = z.strictObject(
  {
    id: EventId.optional().describe('Of its customer the only event with this id, for a day.'),
    user: UserId,
    item: ItemId,
    type: z.enum(EVENT_TYPES, { error: `one of ${EVENT_TYPES.join(', ')}` }),
    at: EventTime.optional().describe(
      'ISO 8601, UTC where it names no zone, or milliseconds since the epoch; by default now.',
    ),
  },
  { error: 'an event: { id, user, item, type, at }' },
);

const eventList = { error: `1 to ${MAX_EVENTS} events` };

export const EventsBody = z.strictObject({
  events: z.array(Event, eventList).min(1, eventList).max(MAX_EVENTS, eventList),
});
export type EventsBody = z.infer<typeof EventsBody>;

export const NoQuery = z.strictObject({});

export const UsersQuery = z.strictObject({ limit: limitText });

export const SessionBody = z.strictObject({
  items: z
    .array(ItemId, { error: `1 to ${MAX_SESSION_ITEMS} item ids` })
    .min(1, { error: `1 to ${MAX_SESSION_ITEMS} item ids` })
    .max(MAX_SESSION_ITEMS, { error: `1 to ${MAX_SESSION_ITEMS} item ids` }),
  user: UserId.optional().describe('A customer whose history counts too.'),
  limit: wholeNumber(1, MAX_LIMIT).default(DEFAULT_LIMIT).describe(MEANING.limit),
  reasons: wholeNumber(0, MAX_REASONS).default(0).describe(MEANING.reasons),
  excludeSeen: flag.default(true).describe(MEANING.excludeSeen),
  exclude: excludedOf(ItemId).describe(MEANING.exclude),
});

/** A customer without a session: what the query of `GET /v1/users/:user/recommendations` says, in a body. */
export const UserBody = SessionBody.omit({ items: true }).required({ user: true });

/**
 * Checks a part of a request.
 *
 * @throws Problem `invalid-request` that names every field, its value and what is allowed
 */
export function check<T extends z.ZodObject>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue): FieldProblem[] => {
    if (issue.code === 'unrecognized_keys') {
      const known = `one of ${Object.keys(schema.shape).join(', ') || 'no parameters at all'}`;
      const allowed = issue.path.length === 0 ? known : 'no such field';
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return { field: path.join('.'), value: valueAt(value, path), allowed };
      });
    }
    const field = issue.path.join('.') || 'body';
    const allowed = issue.path.length === 0 ? 'a JSON object' : issue.message;
    return [{ field, value: valueAt(value, issue.path) ?? null, allowed }];
  });
  throw invalidRequest(errors);
}

/**
 * Checks the body of an invocation by SageMaker, for which there is one route: with `items` it is a session, with `user`
 * alone a customer.
 *
 * @throws Problem `invalid-request` by the schema of the one that it is
 */
export function checkInvocation(value: unknown): z.infer<typeof SessionBody> | z.infer<typeof UserBody> {
  const fields = Object(value);
  if ('items' in fields) return check(SessionBody, value);
  if ('user' in fields) return check(UserBody, value);
  throw invalidRequest([{ field: 'items', value: null, allowed: `1 to ${MAX_SESSION_ITEMS} item ids, or user alone` }]);
}

/** Checks one parameter of a path. */
export function checkParameter(field: string, schema: z.ZodType<string>, value: unknown): string {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest([{ field, value, allowed: result.error.issues[0]?.message ?? '' }]);
}

/** A problem `invalid-request`; of many fields the first {@link PROBLEMS_SHOWN} are named. */
export function invalidRequest(all: readonly FieldProblem[]): Problem {
  const errors = all.slice(0, PROBLEMS_SHOWN).map(({ field, value, allowed }) => {
    return { field: String(bounded(field)), value: bounded(value), allowed };
  });
  const detail = errors.map(({ field, value, allowed }) => `${field}: got ${shown(value)}, allowed is ${allowed}`);
  if (all.length > errors.length) detail.push(`and ${all.length - errors.length} more`);
  return new Problem('invalid-request', detail.join('; '), errors);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) found = (found as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return found;
}

/** A value, or how its JSON begins: an answer must not grow with what was sent. */
export function bounded(value: unknown): unknown {
  if (typeof value === 'string') return value.length <= 100 ? value : `${value.slice(0, 100)}…`;
  let json: string;
  try {
    json = JSON.stringify(value) ?? 'null';
  } catch {
    return 'a value nested too deeply to show…';
  }
  return json.length <= 100 ? value : `${json.slice(0, 100)}…`;
}

function shown(value: unknown): string {
  return typeof value === 'string' && value.endsWith('…') ? value : (JSON.stringify(value) ?? 'nothing');
}

import { hash } from 'node:crypto';
import type { RecommendationQuery } from '../recommender';
import { revisionOf, type UserState } from '../user-state/user-state-store';
import type { ResultKey } from './result-cache';

/** Characters of a key; a longer request is named by its hash. */
const MAX_LENGTH = 300;

/** Ids have no control characters, so that a line break parts them. */
const BREAK = '\n';

/**
 * Names an answer by all that it depends on: the model's version, what is known of the customer, and the request. A
 * promotion and an event of the customer's make another key; what the old one led to is never asked for again.
 *
 * @param state `undefined` when nothing is known of the customer, or none is named
 */
export function resultKey(modelVersion: string, query: RecommendationQuery, state: UserState | undefined): ResultKey {
  const { items, limit, reasons, excludeSeen, exclude } = query;
  let text = `${modelVersion}${BREAK}${limit} ${reasons} ${excludeSeen} ${items?.length ?? '-'} ${exclude.length}`;
  if (state) text += BREAK + revisionOf(state) + BREAK + state.user;
  if (items) text += BREAK + items.join(BREAK);
  if (exclude.length > 0) text += BREAK + exclude.join(BREAK);
  if (text.length > MAX_LENGTH) text = hash('sha256', text, 'base64url');
  return { user: state?.user, modelVersion, text };
}

import { INFERENCE_OPERATIONS } from './inference-operations';
import type { Operation } from './operation';
import { RECOMMENDATION_OPERATIONS } from './recommendation-operations';
import { SERVER_OPERATIONS } from './server-operations';
import { USER_OPERATIONS } from './user-operations';

/** Every route of the public port; a test compares them with the app's. */
export const OPERATIONS: readonly Operation[] = [
  ...RECOMMENDATION_OPERATIONS,
  ...USER_OPERATIONS,
  ...INFERENCE_OPERATIONS,
  ...SERVER_OPERATIONS,
];

/** `GET /v1/users/:user`: what names an operation in the table of scopes too. */
export function routeOf({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

import { z } from 'zod';
import { EventId, EventsBody, UserId, UsersQuery } from '../request-schemas';
import type { Operation } from './operation';

const Stored = z
  .object({
    accepted: z.int().min(0).meta({ description: 'Events that are new.' }),
    duplicates: z.int().min(0).meta({ description: 'Events that were there already.' }),
  })
  .meta({ id: 'StoredEvents' });

const Users = z
  .object({ users: z.array(z.string()).meta({ description: 'Ids, in no particular order.' }) })
  .meta({ id: 'Users' });

const User = z
  .object({
    user: z.string(),
    purchases: z
      .array(
        z.object({
          id: z.string(),
          name: z.string().nullable().meta({ description: '`null` where the model does not know the item.' }),
          at: z.iso.datetime(),
        }),
      )
      .meta({ description: 'Each item once, at its newest purchase, the newest first.' }),
  })
  .meta({ id: 'User' });

export const USER_OPERATIONS: readonly Operation[] = [
  {
    method: 'POST',
    path: '/v1/events',
    operationId: 'recordEvents',
    tag: 'customers',
    summary: 'Records what customers did',
    description:
      'The next recommendations know of it. Every event needs an `id` that no other of its customer has, or the request ' +
      'an `Idempotency-Key`: what comes again with the same changes nothing, so a request that failed is safe to send ' +
      "again. `at` is by default now; it may be neither in the future nor older than the server's `historyDays`.",
    parameters: { header: { 'Idempotency-Key': EventId.optional() } },
    body: {
      'application/json': {
        schema: EventsBody.meta({ id: 'Events' }),
        examples: [{ events: [{ id: 'order-1042/1', user: '12347', item: '23498', type: 'purchase' }] }],
      },
    },
    responses: {
      202: {
        description: 'The events are stored.',
        content: { 'application/json': { schema: Stored, examples: [{ accepted: 1, duplicates: 0 }] } },
      },
    },
    problems: ['invalid-request', 'user-state-unavailable'],
  },
  {
    method: 'GET',
    path: '/v1/users',
    operationId: 'listUsers',
    tag: 'customers',
    summary: 'Some customers of whom something is known',
    parameters: { query: UsersQuery },
    responses: {
      200: {
        description: 'Their ids.',
        content: { 'application/json': { schema: Users, examples: [{ users: ['12347', '12348'] }] } },
      },
    },
    problems: ['invalid-request'],
  },
  {
    method: 'GET',
    path: '/v1/users/:user',
    operationId: 'getUser',
    tag: 'customers',
    summary: 'What a customer bought',
    parameters: { path: { user: UserId } },
    responses: {
      200: {
        description: 'The purchases.',
        content: {
          'application/json': {
            schema: User,
            examples: [
              {
                user: '12347',
                purchases: [{ id: '23498', name: 'CLASSIC BICYCLE CLIPS', at: '2026-11-21T10:15:00.000Z' }],
              },
            ],
          },
        },
      },
    },
    problems: ['invalid-request', 'not-found'],
  },
  {
    method: 'DELETE',
    path: '/v1/users/:user',
    operationId: 'forgetUser',
    tag: 'customers',
    summary: 'Forgets a customer',
    description: 'Also one of whom nothing is known, so that it is safe to send again.',
    parameters: { path: { user: UserId } },
    responses: { 204: { description: 'Nothing is known of the customer any more.', content: {} } },
    problems: ['invalid-request', 'user-state-unavailable'],
  },
];

import { z } from 'zod';
import { FALLBACK_REASONS, RUNGS } from '../ladder';
import { ItemId, SessionBody, SimilarQuery, UserBody, UserId, UserQuery } from '../request-schemas';
import type { Operation, SuccessResponse } from './operation';

const Session = SessionBody.meta({ id: 'Session' });
const Customer = UserBody.meta({ id: 'Customer' });

const Reason = z
  .object({
    id: z.string(),
    name: z.string(),
    contribution: z.number().meta({ description: "What this item of the history adds to the item's score." }),
  })
  .meta({ id: 'Reason', description: 'An item of the history that speaks for a recommended one.' });

const RecommendedItem = z
  .object({
    id: z.string(),
    name: z.string().nullable().meta({ description: '`null` where no model is loaded to name it.' }),
    score: z.number().nullable().meta({
      description: "The model's score; on the popular rung the number of customers, on the static one `null`.",
    }),
    reasons: z.array(Reason).optional().meta({ description: 'Where `reasons` asked for some, the strongest first.' }),
    otherContributions: z.number().optional().meta({
      description: 'What the rest of the history adds: with the reasons it makes up the score.',
    }),
  })
  .meta({ id: 'RecommendedItem' });

const answer = {
  modelVersion: z.string().nullable().meta({ description: 'SHA-256 of the version; `null` when no model is loaded.' }),
  rung: z.enum(RUNGS).meta({
    description:
      "Where the items come from: the customer's history, the items of the request, what many bought, or a fixed list.",
  }),
  fallback: z
    .enum(FALLBACK_REASONS)
    .nullable()
    .meta({ description: 'Why it is a lower rung than the request asked for; `null` when it is not.' }),
  items: z.array(RecommendedItem).meta({ description: 'Best first; fewer than `limit` when no more are left.' }),
};
const OfUser = z.object({ user: z.string(), ...answer }).meta({ id: 'UserRecommendations' });
const OfSession = z.object({ user: z.string().optional(), ...answer }).meta({ id: 'SessionRecommendations' });
const SimilarItems = z.object({ item: z.string(), ...answer }).meta({ id: 'SimilarItems' });

const modelVersion = 'b90108f3d2c1a4e5968778695a4b3c2d1e0f00112233445566778899aabbccdd';
const EXAMPLE = {
  modelVersion,
  rung: 'personal',
  fallback: null,
  items: [
    {
      id: '23498',
      name: 'CLASSIC BICYCLE CLIPS',
      score: 0.984582,
      reasons: [{ id: '23552', name: 'BICYCLE PUNCTURE REPAIR KIT', contribution: 0.552647 }],
      otherContributions: 0.431935,
    },
  ],
};
const SESSION_EXAMPLE = {
  modelVersion,
  rung: 'session',
  fallback: null,
  items: [{ id: '23498', name: 'CLASSIC BICYCLE CLIPS', score: 0.552647 }],
};

const recommended = (schema: z.ZodType, example: unknown): Record<number, SuccessResponse> => ({
  200: {
    description: 'The items, from the highest rung that could answer in time.',
    content: { 'application/json': { schema, examples: [example] } },
    headers: ['x-model-version?', 'x-recommendation-rung'],
  },
});

export const RECOMMENDATION_OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/v1/users/:user/recommendations',
    operationId: 'recommendForUser',
    tag: 'recommendations',
    summary: "Items for a customer, by the customer's history",
    description: 'A customer of whom nothing is known gets popular items, and `fallback` says so.',
    parameters: { path: { user: UserId }, query: UserQuery },
    responses: recommended(OfUser, { user: '12347', ...EXAMPLE }),
    problems: ['invalid-request', 'not-ready'],
  },
  {
    method: 'POST',
    path: '/v1/recommendations',
    operationId: 'recommendForSession',
    tag: 'recommendations',
    summary: 'Items that go with those of a session',
    description: 'With `user`, the history of that customer counts too.',
    body: {
      'application/json': { schema: Session, examples: [{ items: ['23552'], limit: 1 }] },
    },
    responses: recommended(OfSession, SESSION_EXAMPLE),
    problems: ['invalid-request', 'not-ready'],
  },
  {
    method: 'POST',
    path: '/invocations',
    operationId: 'invoke',
    tag: 'recommendations',
    summary: 'Either of the two above, as SageMaker asks',
    description: 'With `items` it is a session; with `user` alone it is that customer.',
    body: {
      'application/json': {
        schema: z.union([Session, Customer]).meta({ id: 'Invocation' }),
        examples: [
          { items: ['23552'], limit: 1 },
          { user: '12347', limit: 1 },
        ],
      },
    },
    responses: recommended(OfSession, SESSION_EXAMPLE),
    problems: ['invalid-request', 'not-ready'],
  },
  {
    method: 'GET',
    path: '/v1/items/:item/similar',
    operationId: 'similarItems',
    tag: 'recommendations',
    summary: 'Items that go with one',
    parameters: { path: { item: ItemId }, query: SimilarQuery },
    responses: recommended(SimilarItems, { item: '23552', ...SESSION_EXAMPLE }),
    problems: ['invalid-request', 'not-found', 'not-ready'],
  },
];

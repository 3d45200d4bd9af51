import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Answer } from '../answer';
import type { EventRecorder, RecordedEvents } from '../event-recorder';
import type { Metrics } from '../metrics';
import { Problem } from '../problem';
import type { RecommendationQuery, Recommender } from '../recommender';
import { check, checkParameter, EventId, EventsBody, ItemId, SessionBody, UserId } from '../request-schemas';
import type { RequestRecord } from '../telemetry/request-record';
import { type EraseOptions, eraseUser } from '../user-state/erase-user';
import { type CallOptions, unary } from './unary';

/** The bounds and defaults of the HTTP API, for ids that come as a list. */
const Query = SessionBody.omit({ items: true, user: true });
const SimilarItems = SessionBody.pick({ limit: true, exclude: true });

/** A request as it comes; {@link check} holds it against the schema. */
interface Request {
  readonly limit?: number;
  readonly reasons?: number;
  readonly exclude_seen?: boolean;
  readonly exclude: readonly string[];
}

interface Events {
  readonly events: readonly object[];
  readonly idempotency_key?: string;
}

export interface RecommenderServiceOptions extends EraseOptions, CallOptions {
  readonly recommender: Recommender;
  /** Whether the model in use knows an item; `undefined` when there is no model. */
  readonly knowsItem: (id: string) => boolean | undefined;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
}

/** `recommender.v1.Recommender`: the operations of the HTTP API. */
export function recommenderService(options: RecommenderServiceOptions): UntypedServiceImplementation {
  const { recommender, events: recorder, knowsItem, metrics } = options;
  const answer = async (
    subject: { user?: string; item?: string },
    query: RecommendationQuery,
    record: RequestRecord,
  ) => {
    const found = await recommender.recommend(query, record);
    metrics.countRecommendation(found);
    record.ranked(found);
    return { ...subject, ...toMessage(found) };
  };
  return {
    RecommendForUser: unary(options, ({ user: id, ...request }: Request & { user: string }, { record }) => {
      const user = checkParameter('user', UserId, id);
      return answer({ user }, { user, ...check(Query, named(request)) }, record);
    }),
    RecommendForSession: unary(options, (request: Request & { items: string[]; user?: string }, { record }) => {
      const query = check(SessionBody, named(request));
      return answer(query.user === undefined ? {} : { user: query.user }, query, record);
    }),
    SimilarItems: unary(options, ({ item: id, ...request }: Request & { item: string }, { record }) => {
      const item = checkParameter('item', ItemId, id);
      const query = check(SimilarItems, request);
      if (knowsItem(item) === false) throw new Problem('not-found', `the model knows no item "${item}"`);
      return answer({ item }, { items: [item], reasons: 0, excludeSeen: true, ...query }, record);
    }),
    RecordEvents: unary(options, ({ idempotency_key: key, ...request }: Events): Promise<RecordedEvents> => {
      if (key !== undefined) checkParameter('idempotency_key', EventId, key);
      const { events } = check(EventsBody, request);
      return recorder.store(recorder.byUser(events, key));
    }),
    EraseUser: unary(options, async ({ user }: { user: string }) => {
      await eraseUser(checkParameter('user', UserId, user), options);
      return {};
    }),
  };
}

function named<T extends Request>({ exclude_seen, ...request }: T) {
  return { ...request, excludeSeen: exclude_seen };
}

/** What is `null` is not set. */
function toMessage({ modelVersion, rung, fallback, items }: Answer) {
  return {
    model_version: modelVersion,
    rung,
    fallback,
    items: items.map(({ otherContributions: rest, ...item }) => {
      // JSON writes -0 as 0.
      return { ...item, other_contributions: rest === undefined ? undefined : rest + 0 };
    }),
  };
}

import pino from 'pino';
import { Batcher } from './batcher';
import { Recommender } from './recommender';
import type { RecommenderModel } from './recommender-model';
import { DEFAULT_LIMIT } from './request-schemas';

/** A key and its value, as CloudFront's key-value store takes them. */
export interface EdgeEntry {
  readonly key: string;
  readonly value: string;
}

/** A model's answers for an edge; as JSON it is what such a store is imported from. */
export interface EdgePack {
  readonly data: readonly EdgeEntry[];
}

export interface EdgePackOptions {
  /**
   * Items that an answer has at most; who asks for more is sent on to the server.
   * @default 10, what the server answers when it isn't told
   */
  readonly limit?: number;
  /**
   * The customer that visitors without an account ask as. The server must know nothing of it.
   * @default "visitor"
   */
  readonly visitor?: string;
  /**
   * Bytes of keys and values at most. Half the store, because a promotion has two packs in it for a while.
   * @default EDGE_STORE.bytes / 2
   */
  readonly maxBytes?: number;
}

/**
 * What CloudFront's key-value store takes: bytes in all, of a key, of a value, and pairs in a change.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
 */
export const EDGE_STORE = { bytes: 5_000_000, keyBytes: 512, valueBytes: 1024, pairsPerChange: 50 };

/** What every request of the edge reads first: which generation of keys answers, and of which model version it is. */
export const CURRENT_KEY = 'current';

/** Histories that are scored in one run. */
const BATCH = 64;
/** Nobody waits for an answer here. */
const DEADLINE_MS = 600_000;

/**
 * A model's popular items, and the items like each one, the most popular ones first, for as many as there is room: by the
 * server's own {@link Recommender}, so that the edge answers what the server would.
 *
 * Keys begin with the version's first digits: an edge reads a whole generation or another one, never some of both.
 */
export async function buildEdgePack(model: RecommenderModel, options: EdgePackOptions = {}): Promise<EdgePack> {
  const { limit = DEFAULT_LIMIT, visitor = 'visitor', maxBytes = EDGE_STORE.bytes / 2 } = options;
  const generation = model.version.slice(0, 12);
  const answers = answersOf(model, limit);
  const data: EdgeEntry[] = [];
  let room = maxBytes;
  /** Whether there was room. */
  const add = (key: string, value: string): boolean => {
    const bytes = Buffer.byteLength(key) + Buffer.byteLength(value);
    if (bytes > room) return false;
    room -= bytes;
    data.push({ key, value });
    return true;
  };
  add(CURRENT_KEY, JSON.stringify({ version: model.version, generation, visitor }));
  add(`${generation}/p`, packed(`${generation}/p`, await answers({ user: visitor })));

  const hottest = byPopularity(model);
  for (let first = 0; first < hottest.length; first += BATCH) {
    const ids = hottest.slice(first, first + BATCH);
    const similar = await Promise.all(ids.map((id) => answers({ items: [id] })));
    for (const [index, id] of ids.entries()) {
      const key = `${generation}/i/${id}`;
      if (Buffer.byteLength(key) > EDGE_STORE.keyBytes) continue;
      if (!add(key, packed(key, similar[index] as PackedAnswer))) return { data };
    }
  }
  return { data };
}

/** Ids, names and scores by turns, best first. */
type PackedAnswer = readonly (readonly [id: string, name: string, score: number])[];

function answersOf(model: RecommenderModel, limit: number) {
  const scorer = new Batcher({ run: (requests) => model.run(requests), batchSize: BATCH });
  const recommender = new Recommender({
    models: { current: { model, scorer } },
    users: { get: () => undefined },
    deadlineMs: DEADLINE_MS,
    staticItems: [],
    logger: pino({ level: 'silent' }),
  });
  return async (question: { readonly user: string } | { readonly items: readonly string[] }): Promise<PackedAnswer> => {
    const expected = 'user' in question ? 'popular' : 'session';
    const answer = await recommender.recommend({ ...question, limit, reasons: 0, excludeSeen: true, exclude: [] });
    if (answer.rung !== expected) {
      throw new Error(`${JSON.stringify(question)} was answered from the rung ${answer.rung}: ${answer.fallback}`);
    }
    return answer.items.map(({ id, name, score }) => [id, name as string, score as number]);
  };
}

/** The items that anyone bought lately, most bought first, then the others. */
function byPopularity({ popular, items }: RecommenderModel): string[] {
  const indices = new Set([...popular.map(({ index }) => index), ...items.keys()]);
  return [...indices].map((index) => (items[index] as { id: string }).id);
}

/** As many of the best as a pair has room for. */
function packed(key: string, answer: PackedAnswer): string {
  for (let count = answer.length; count > 0; count--) {
    const value = JSON.stringify(answer.slice(0, count).flat());
    if (Buffer.byteLength(key) + Buffer.byteLength(value) <= EDGE_STORE.valueBytes) return value;
  }
  return '[]';
}

import { z } from 'zod';

const HistoryLine = z.object({
  user: z.string().min(1),
  events: z.array(z.object({ item: z.string(), at: z.iso.datetime() })),
});

/** A customer, with the newest event of each item. */
export interface KnownCustomer {
  readonly user: string;
  readonly events: readonly { readonly item: string; readonly at: number }[];
}

export interface HistoryLine {
  /** `undefined` for a line that is none. */
  readonly customer: KnownCustomer | undefined;
  /** Bytes of the stream up to the end of the line. */
  readonly end: number;
}

/** Longest line in bytes: a thousand events have less than 100,000. */
const MAX_LINE = 1_000_000;

/**
 * The histories in a stream of JSON lines, with the place where each ends, so that reading can go on there.
 *
 * @throws Error when a line is longer than any history
 */
export async function* historyLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<HistoryLine> {
  let rest: Buffer = Buffer.alloc(0);
  let end = 0;
  for await (const piece of stream) {
    rest = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece]);
    let start = 0;
    for (let feed = rest.indexOf(10); feed >= 0; feed = rest.indexOf(10, start)) {
      end += feed + 1 - start;
      if (feed > start) yield { customer: parse(rest.subarray(start, feed)), end };
      start = feed + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > MAX_LINE) throw new Error(`after ${end} bytes comes a line longer than ${MAX_LINE} bytes`);
  }
  if (rest.length > 0) yield { customer: parse(rest), end: end + rest.length };
}

function parse(line: Buffer): KnownCustomer | undefined {
  try {
    const { user, events } = HistoryLine.parse(JSON.parse(line.toString('utf8')));
    return { user, events: events.map(({ item, at }) => ({ item, at: Date.parse(at) })) };
  } catch {
    return undefined;
  }
}

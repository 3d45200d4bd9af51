import { z } from 'zod';
import { ComparisonError, UsageError } from '../failure';

/** What became of a request. */
export type Outcome =
  | { readonly kind: 'answer'; readonly modelVersion: string | null; readonly degraded?: string }
  /** `timeout`, `status 503`, `ECONNRESET` */
  | { readonly kind: 'error'; readonly reason: string };

interface Ask {
  readonly path: string;
  readonly body?: object;
}

const TIMEOUT_MS = 5000;
/** Most items that a server lists at once. */
const POPULAR = 100;

const Answer = z.object({
  modelVersion: z.string().nullable(),
  rung: z.string(),
  fallback: z.string().nullable(),
  items: z.array(z.object({ id: z.string() })),
});

/** Who isn't known gets popular items by right; everything else is an answer that a server was not able to give. */
const NOT_DEGRADED = new Set(['unknown-user', 'no-known-items']);

/** A running model server, asked over its HTTP API. */
export class ModelServer {
  private readonly headers: Readonly<Record<string, string>>;
  private readonly base: string;

  /**
   * @param credential a JWT, or an API key of `recommender keys create`
   * @throws UsageError when the address is none, or a credential would go over the network in the clear
   */
  constructor(
    readonly url: string,
    credential?: string,
  ) {
    const parsed = parseUrl(url);
    this.base = parsed.href.replace(/\/$/, '');
    if (credential && parsed.protocol === 'http:' && !isThisMachine(parsed.hostname)) {
      throw new UsageError(
        `a credential would go to ${url} unencrypted; allowed are https, and addresses of this machine.`,
      );
    }
    this.headers = credential
      ? credential.startsWith('rk_')
        ? { 'x-api-key': credential }
        : { authorization: `Bearer ${credential}` }
      : {};
  }

  /**
   * Ids of what is popular, most of all first.
   *
   * @throws ComparisonError when nothing answers, callers are refused, or it is another API
   */
  async popularItems(): Promise<string[]> {
    const path = `/v1/users/a-first-visitor/recommendations?limit=${POPULAR}`;
    const response = await this.request({ path }).catch((error: unknown) => {
      throw new ComparisonError(`${this.url} can't be reached: ${reasonOf(error)}.`);
    });
    const { status, text } = response;
    if (status === 401 || status === 403) {
      throw new ComparisonError(
        `${this.url} refuses the caller (${status}); RECOMMENDER_TOKEN_A and RECOMMENDER_TOKEN_B take a JWT or an API key with the scope recommendations:read.`,
      );
    }
    if (status === 429 || status >= 500) {
      throw new ComparisonError(
        `${this.url} answered ${status} to a first request; it has to be ready to be compared.`,
      );
    }
    const answer = status === 200 ? parse(text) : undefined;
    if (!answer) {
      throw new ComparisonError(
        `${this.url} has another API: GET ${path} answered ${status}${status === 200 ? ' without recommendations' : ''}. Name the base that /v1 is below.`,
      );
    }
    return answer.items.map(({ id }) => id);
  }

  async ask(ask: Ask): Promise<Outcome> {
    try {
      const { status, text } = await this.request(ask);
      if (status !== 200) return { kind: 'error', reason: `status ${status}` };
      const answer = parse(text);
      if (!answer) return { kind: 'error', reason: 'no recommendations' };
      const { modelVersion, fallback } = answer;
      const degraded = fallback !== null && !NOT_DEGRADED.has(fallback) ? fallback : undefined;
      return { kind: 'answer', modelVersion, degraded };
    } catch (error) {
      return { kind: 'error', reason: reasonOf(error) };
    }
  }

  private async request({ path, body }: Ask): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(this.base + path, {
      method: body ? 'POST' : 'GET',
      headers: { ...this.headers, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, text: await response.text() };
  }
}

/**
 * What a shop asks, the same for each server: a visitor's page, what goes with an item, a session. Nothing is written.
 *
 * @param items that each server's model knows, at least one
 */
export function shopRequest(index: number, items: readonly string[]): Ask {
  const visit = Math.floor(index / 3);
  const stride = 1 + Math.floor(visit / items.length);
  const item = (step: number) => items[(visit * 31 + step * stride) % items.length] as string;
  if (index % 3 === 0) return { path: `/v1/users/visitor-${visit}/recommendations?limit=10` };
  if (index % 3 === 1) return { path: `/v1/items/${encodeURIComponent(item(0))}/similar` };
  return { path: '/v1/recommendations', body: { items: [...new Set([item(0), item(1), item(2)])] } };
}

function parse(text: string): z.infer<typeof Answer> | undefined {
  try {
    return Answer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Begins what may be a secret in an address, and isn't shown. */
const SECRETS = /[@?#]/;

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || SECRETS.test(url)) {
    throw new UsageError(
      `${SECRETS.test(url) ? 'an address with a login, a query or a fragment' : url} is no address of a server; allowed is http:// or https:// with a host, and a path if it has one.`,
    );
  }
  return parsed;
}

const isThisMachine = (hostname: string) =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);

/** `ECONNREFUSED` of what `fetch` throws. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'timeout';
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return error.message;
}

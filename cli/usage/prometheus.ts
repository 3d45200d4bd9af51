import { z } from 'zod';
import { UsageError } from '../failure';
import { PROMETHEUS_TOKEN } from '../options';

const TIMEOUT_MS = 120_000;

/** A Prometheus that isn't there, refuses, or has not what is asked for. */
export class PrometheusError extends Error {
  override readonly name = 'PrometheusError';
}

/** A series that an expression has, with what it was worth at some times. Without NaN and infinities. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [seconds: number, value: number])[];
}

/** Seconds since 1970, and seconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

const Value = z.tuple([z.number(), z.string()]);
const Metric = z.record(z.string(), z.string());
const Answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: Metric, value: Value })) }),
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(z.object({ metric: Metric, values: z.array(Value) })),
      }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/** A running Prometheus, or what has its HTTP API. Source: https://prometheus.io/docs/prometheus/latest/querying/api/ */
export class Prometheus {
  private readonly base: URL;

  /** @throws UsageError for what is no address of one */
  constructor(
    url: string,
    private readonly token?: string,
  ) {
    this.base = baseOf(url);
    if (
      token &&
      this.base.protocol === 'http:' &&
      !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(this.base.hostname)
    ) {
      throw new UsageError(`${PROMETHEUS_TOKEN} is for https, or for this machine; ${url} would send it in the clear.`);
    }
  }

  /** What an expression is worth at a time. @throws PrometheusError */
  query(expression: string, time: number): Promise<Series[]> {
    return this.ask('query', { query: expression, time });
  }

  /** What an expression is worth from time to time, both ends included. @throws PrometheusError */
  queryRange(expression: string, range: Range): Promise<Series[]> {
    return this.ask('query_range', { query: expression, ...range });
  }

  private async ask(what: string, parameters: Readonly<Record<string, string | number>>): Promise<Series[]> {
    const url = new URL(`api/v1/${what}`, this.base);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, `${value}`);
    const response = await this.fetch(url);
    const answer = Answer.safeParse(await response.json().catch(() => undefined)).data;
    if (!answer)
      throw new PrometheusError(`${this.base} is no Prometheus: it answered ${response.status} to ${url.pathname}.`);
    if (answer.status === 'error') throw new PrometheusError(`${this.base} answered: ${answer.error}.`);
    const { data } = answer;
    const found =
      data.resultType === 'vector'
        ? data.result.map(({ metric, value }) => ({ labels: metric, samples: numbers([value]) }))
        : data.result.map(({ metric, values }) => ({ labels: metric, samples: numbers(values) }));
    return found.filter(({ samples }) => samples.length > 0);
  }

  private async fetch(url: URL): Promise<Response> {
    const headers: Record<string, string> = this.token ? { authorization: `Bearer ${this.token}` } : {};
    let response: Response;
    try {
      response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new PrometheusError(`${this.base} does not answer: ${reasonOf(error)}.`);
    }
    if (response.status === 401 || response.status === 403) {
      const token = this.token ? 'the token of' : 'no token in';
      throw new PrometheusError(
        `${this.base} answered ${response.status} to ${token} ${PROMETHEUS_TOKEN}; set it to one that may read.`,
      );
    }
    return response;
  }
}

function baseOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--prometheus is ${text}; allowed is an address such as http://127.0.0.1:9090.`);
  }
  if (url.username || url.password)
    throw new UsageError(`--prometheus has a login in it; set ${PROMETHEUS_TOKEN} instead.`);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Prometheus writes numbers as text: `NaN`, `+Inf`. */
function numbers(values: readonly z.output<typeof Value>[]): Series['samples'] {
  return values.map(([time, value]) => [time, Number(value)] as const).filter(([, value]) => Number.isFinite(value));
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  // A name with several addresses fails with all of their errors and no message of its own.
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}

import { z } from 'zod';
import { LatencyBudget } from '../declarations/latency-budget';
import { ConfigError } from '../errors';
import { object } from './checks';

const part = (what: string, share: number) =>
  z
    .number()
    .optional()
    .describe(`${what}, in ms at the 99th percentile. ${share} % of \`slo.latencyP99Ms\` if left out.`);

/** `latency` */
export const LatencyConfig = object({
  dnsMs: part('Name resolution, where the caller has no connection open', 5),
  edgeMs: part('What is nearest to the caller, and the way from there', 5),
  gatewayMs: part('Load balancer and gateway', 5),
  podMs: part('HTTP in the model server, and waiting for its event loop', 5),
  cacheMs: part("A customer's history, or an answer that replicas share", 20),
  modelMs: part('A run of the model, and waiting for it', 60),
}).describe(
  'How the latency of `slo` is spent on the way; together no more than it. Timeouts, alerts and gates come from it: [latency.md](latency.md).',
);

interface Latencies {
  readonly slo?: { readonly latencyP99Ms?: unknown };
  readonly latency?: z.output<typeof LatencyConfig>;
}

/** Runs on a config with other mistakes too: what isn't a number is told of elsewhere. */
export function refuseSlowParts({ slo, latency }: Latencies, context: z.core.$RefinementCtx): void {
  const promisedMs = slo?.latencyP99Ms;
  if (typeof promisedMs !== 'number' || !LatencyConfig.safeParse(latency).success) return;
  try {
    new LatencyBudget(promisedMs, latency);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    context.addIssue({ code: 'custom', path: ['latency'], message: error.message });
  }
}

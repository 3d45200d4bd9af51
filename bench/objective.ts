import { ServiceLevelObjective } from '../src/declarations/service-level-objective';
import type { PhaseResult } from './load-generator';

/** What counts as answering in time, at the 99th percentile, milliseconds. */
export const P99_MS = new ServiceLevelObjective().latency.totalMs;
/** Share of the answers that may come from a lower rung, because the model was late for them. */
export const LOWER_RUNGS = 0.01;
/** Says which rung answered; counted by the generator. */
export const RUNG_HEADER = 'x-recommendation-rung';

/** Share of our server's answers that came from the model. */
export function shareByModel({ header, accepted }: Pick<PhaseResult, 'header' | 'accepted'>): number {
  return (header.personal ?? 0) / accepted.count;
}

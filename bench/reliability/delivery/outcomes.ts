import { atLeast, atMost, type Bar, median } from '../bars';
import type { RolloutResult } from './rollout';
import { KINDS, type Kind } from './versions';

/** What became of one version. */
export interface Outcome extends RolloutResult {
  readonly kind: Kind;
  readonly requests: number;
  readonly failed: number;
  /** What a plan would change after it: a diff. */
  readonly changed: string;
  readonly changedByFlagger: readonly string[];
  /** Whether customers are answered by the model of the version that should serve. */
  readonly rightModel: boolean;
}

export function barsOf(kinds: readonly Kind[], outcomes: readonly Outcome[], rollouts: number): Bar[] {
  const ended = kinds.map((kind) => {
    const gate = KINDS[kind];
    const as = outcomes.filter((one) => one.kind === kind && asItMust(one));
    const what = gate ? `versions with a fault (${kind}) taken back by the gate ${gate}` : 'good versions promoted';
    return atLeast(what, as.length, rollouts);
  });
  const good = outcomes.filter(({ kind }) => kind === 'good');
  const failed = good.reduce((sum, one) => sum + one.failed, 0);
  const changed = outcomes.filter((one) => one.changed !== '').length;
  const wrongModel = outcomes.filter((one) => !one.rightModel).length;
  return [
    ...ended,
    atMost('requests that failed while good versions were let at them', failed, 0),
    atMost('rollouts after which the model that answers was the wrong one', wrongModel, 0),
    atMost('rollouts after which a plan would change something', changed, 0),
  ];
}

/** A bad version must be taken back for its own fault. */
function asItMust({ kind, promoted, refusals }: Outcome): boolean {
  const gate = KINDS[kind];
  return gate === undefined ? promoted : !promoted && refusals.has(gate);
}

export function notesOf(kinds: readonly Kind[], outcomes: readonly Outcome[]): string[] {
  const ofKind = kinds.map((kind) => {
    const all = outcomes.filter((one) => one.kind === kind);
    const seconds = all.map((one) => one.seconds);
    const requests = all.reduce((sum, one) => sum + one.requests, 0);
    const failed = all.reduce((sum, one) => sum + one.failed, 0);
    const range = `${Math.min(...seconds).toFixed(0)} to ${Math.max(...seconds).toFixed(0)} s, median ${median(seconds).toFixed(0)} s`;
    const weights = [...new Set(all.map((one) => one.weights.join(', ')))].join(' or ');
    return `${kind}: ${all.length} in ${range}; weights ${weights} %; ${failed} of ${requests.toLocaleString('en')} requests failed`;
  });
  const byFlagger = [...new Set(outcomes.flatMap((one) => one.changedByFlagger))].join(', ');
  const odd = outcomes.filter(
    (one) => !asItMust(one) || !one.rightModel || one.changed !== '' || (one.kind === 'good' && one.refusals.size > 0),
  );
  const said = kinds.flatMap((kind) => {
    const gate = KINDS[kind];
    const first = outcomes.find((one) => one.kind === kind && gate && one.refusals.has(gate));
    return first && gate ? [`Flagger said: ${first.refusals.get(gate)}`] : [];
  });
  return [
    ...ofKind,
    ...said,
    `Flagger changed of what was applied: ${byFlagger}`,
    ...odd.map((one) => `not as it should be, or not at once: ${shown(one)}${one.changed}`),
  ];
}

/** In one line. */
export function shown({
  kind,
  promoted,
  seconds,
  refusals,
}: Pick<Outcome, 'kind' | 'promoted' | 'seconds' | 'refusals'>): string {
  const why = refusals.size > 0 ? ` (${[...refusals.values()].join('; ')})` : '';
  return `${kind} ${promoted ? 'promoted' : 'taken back'} after ${seconds.toFixed(0)} s${why}`;
}

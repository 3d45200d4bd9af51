import type { TrainingData } from './training-data';

interface Period {
  readonly data: TrainingData;
  /** Days before now that a model is tested on. */
  readonly testDays: number;
}

/** Least values of metrics, by their names, that a version needs for a channel to point to it. */
export type Requirements = Readonly<Record<string, number>>;

/** The days come first; the clock of the run says when the test period begins. */
const CUT = '--cut "$(date -u -d "-$days days" +%F)"';
const RUN = `days=$1; shift; exec recommender "$@" ${CUT}`;
/** As above, and the version that was registered is left in a file for the next step. */
const RUN_AND_KEEP_VERSION = `set -e
days=$1; shift
recommender "$@" --json ${CUT} > /tmp/result.json
node -p 'JSON.parse(require("fs").readFileSync("/tmp/result.json")).version' > /tmp/version`;

/** Where a step of a workflow leaves the version. */
export const VERSION_FILE = '/tmp/version';

const shell = (script: string, { testDays }: Period, ...args: readonly string[]) => {
  return ['sh', '-c', script, 'sh', `${testDays}`, ...args];
};
const required = (requirements: Requirements) =>
  Object.entries(requirements).flatMap(([metric, least]) => ['--require', `${metric}=${least}`]);

/** Trains, registers, and points the channel to the version if it is as good as required. Fails otherwise. */
export function trainAndPromote(period: Period, channel: string, requirements: Requirements): string[] {
  const { file } = period.data;
  const promote = ['--promote', '--channel', channel, ...required(requirements)];
  return shell(RUN, period, 'train', '--data', file, ...promote);
}

/** Trains and registers; the version is in {@link VERSION_FILE}. */
export function trainOnly(period: Period): string[] {
  return shell(RUN_AND_KEEP_VERSION, period, 'train', '--data', period.data.file);
}

/** Compares the algorithms on the same test period, and prints how good each is. */
export function evaluate(period: Period): string[] {
  return shell(RUN, period, 'evaluate', '--data', period.data.file, '--json');
}

/** Points the channel to a version if it is as good as required. Fails otherwise. */
export function promote(version: string, channel: string, requirements: Requirements): string[] {
  return ['recommender', 'model', 'promote', version, '--channel', channel, ...required(requirements)];
}

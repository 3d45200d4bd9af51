/** One thing that a delivery runs on a machine of its own, from the source's root. */
export interface DeliveryStep {
  /** Lowercase letters, digits and hyphens. */
  readonly name: string;
  /** Lines of bash; the first one that fails ends the delivery. */
  readonly commands: readonly string[];
  /**
   * JUnit files to show, by what the report is called: `{ unit: 'reports/junit.xml' }`.
   * @default {}
   */
  readonly junit?: Readonly<Record<string, string>>;
  /**
   * Folders that are kept from one run to the next: `/root/.npm`.
   * @default []
   */
  readonly cached?: readonly string[];
  /**
   * More environment variables; no secrets.
   * @default {}
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Whether it reads and writes the model store, whose URL it then has in `RECOMMENDER_STORE`.
   * @default false
   */
  readonly usesModels?: boolean;
  /**
   * Minutes after which it is stopped.
   * @default 30
   */
  readonly timeoutMinutes?: number;
}

/**
 * Steps that run one after the other, between what a delivery begins with, its source, and what it ends with, a
 * deployment.
 */
export interface DeliveryStage {
  /** Letters, digits and hyphens. */
  readonly name: string;
  readonly steps: readonly DeliveryStep[];
}

const NPM_CACHE = ['/root/.npm'];

/** Lint, types and tests of the repository. */
export const TEST_STAGE: DeliveryStage = {
  name: 'Test',
  steps: [
    {
      name: 'test',
      commands: ['npm ci --no-audit --no-fund', 'npx tsc -b', 'npm run -s lint', 'npx jest'],
      cached: NPM_CACHE,
    },
  ],
};

export interface ModelStageProps {
  /** Transactions as CSV, gzipped or not: a file of the repository. */
  readonly data: string;
  /** First day of the test period, `YYYY-MM-DD`. */
  readonly cut: string;
  /** Least values of metrics that a version needs for the channel to point to it: `{ 'ndcg@10': 0.05 }`. */
  readonly requirements: Readonly<Record<string, number>>;
  /**
   * Channel that servers follow.
   * @default 'production'
   */
  readonly channel?: string;
}

/**
 * Evaluates the algorithms, trains and registers a version, and promotes it if it is as good as required; fails if not.
 */
export function modelStage({ data, cut, requirements, channel = 'production' }: ModelStageProps): DeliveryStage {
  const prepare = ['npm ci --no-audit --no-fund', 'npx tsc -b'];
  const period = `--data ${quoted(data)} --cut ${quoted(cut)}`;
  const required = Object.entries(requirements).map(([metric, least]) => ` --require ${quoted(`${metric}=${least}`)}`);
  return {
    name: 'Model',
    steps: [
      {
        name: 'evaluate',
        commands: [...prepare, `node bin/recommender.js evaluate ${period} --json`],
        cached: NPM_CACHE,
      },
      {
        name: 'train',
        commands: [
          ...prepare,
          `node bin/recommender.js train ${period} --promote --channel ${quoted(channel)}${required.join('')} --json`,
        ],
        cached: NPM_CACHE,
        usesModels: true,
        timeoutMinutes: 60,
      },
    ],
  };
}

/** As one word of a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

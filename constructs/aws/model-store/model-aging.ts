import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { checkDays, type LifecycleRule } from '../storage/private-bucket';

/** What becomes of a model's versions and runs as they age. Channels and rollouts stay: they are what is current. */
export interface ModelAging {
  /** Names of the models that it is for; a lifecycle rule's prefix begins with one and knows no `*`. At most 400. */
  readonly models: readonly string[];
  /**
   * Puts versions where they cost less to keep and more to read, after so many days. Both classes answer at once, as a
   * server that starts from an old version needs it.
   * @default - versions stay in S3 Standard
   */
  readonly coldVersions?: { readonly afterDays: number; readonly storageClass: 'STANDARD_IA' | 'GLACIER_IR' };
  /**
   * Days that the record of a training run is kept.
   * @default - for good
   */
  readonly runDays?: number;
}

/** S3 takes no object into the infrequent-access class that is younger. */
const LEAST_DAYS = { STANDARD_IA: 30, GLACIER_IR: 1 } as const;

/** The rules of a bucket's lifecycle that let models age; in the layout of the model registry. */
export function agingRules({ models, coldVersions, runDays }: ModelAging, scope: Construct): LifecycleRule[] {
  if (models.length === 0 || models.length > 400) {
    throw new ConfigError(
      `aging.models has ${models.length} names; name 1 to 400 models, as the registry does.`,
      scope,
    );
  }
  const wrong = models.find((model) => !/^[a-z0-9][a-z0-9-]{0,62}$/.test(model));
  if (wrong !== undefined) {
    throw new ConfigError(
      `aging.models has ${wrong}; a model's name is 1 to 63 lowercase letters, digits and hyphens.`,
      scope,
    );
  }
  if (coldVersions) {
    const least = LEAST_DAYS[coldVersions.storageClass];
    checkDays('aging.coldVersions.afterDays', coldVersions.afterDays, scope, least);
  }
  if (runDays !== undefined) checkDays('aging.runDays', runDays, scope);
  return models.flatMap((model) => [
    ...(coldVersions ? [coldRule(model, coldVersions)] : []),
    ...(runDays !== undefined ? [runRule(model, runDays)] : []),
  ]);
}

function coldRule(model: string, cold: NonNullable<ModelAging['coldVersions']>): LifecycleRule {
  return {
    id: `cool-versions-of-${model}`,
    filter: [{ prefix: `${model}/versions/` }],
    transition: [{ days: cold.afterDays, storageClass: cold.storageClass }],
  };
}

function runRule(model: string, days: number): LifecycleRule {
  return { id: `expire-runs-of-${model}`, filter: [{ prefix: `${model}/runs/` }], expiration: [{ days }] };
}

import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { CacheProps } from './cache';

/** @throws ConfigError when ElastiCache would not take the props */
export function checkCache({ cacheName, shape, snapshotRetentionDays = 7 }: CacheProps, scope: Construct): void {
  if (!/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,29}$/.test(cacheName)) {
    throw new ConfigError(
      `cacheName is ${cacheName}; it must be 2 to 30 lowercase letters, digits and single hyphens, beginning with a letter and not ending with a hyphen.`,
      scope,
    );
  }
  if (!(Number.isInteger(snapshotRetentionDays) && snapshotRetentionDays >= 0 && snapshotRetentionDays <= 35)) {
    throw new ConfigError(
      `snapshotRetentionDays is ${snapshotRetentionDays}; it must be a whole number of days from 0 to 35.`,
      scope,
    );
  }
  shape?.check(scope);
}

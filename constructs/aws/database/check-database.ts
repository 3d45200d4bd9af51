import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { DatabaseProps } from './database';
import { checkPostgresVersion } from './postgres-version';

/** @throws ConfigError when RDS would not take the props */
export function checkDatabase(props: DatabaseProps, scope: Construct): void {
  const { instanceName, databaseName = 'recommender', storage, backupRetentionDays = 7 } = props;
  checkPostgresVersion(props.version ?? '17', scope);
  // RDS allows 63; the monitoring role's and the parameter group's names are longer than the instance's.
  if (!/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,49}$/.test(instanceName)) {
    throw new ConfigError(
      `instanceName is ${instanceName}; it must be 2 to 50 lowercase letters, digits and single hyphens, beginning with a letter and not ending with a hyphen.`,
      scope,
    );
  }
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(databaseName)) {
    throw new ConfigError(
      `databaseName is ${databaseName}; it must be 1 to 63 lowercase letters, digits and underscores, beginning with a letter.`,
      scope,
    );
  }
  if (storage && !(storage.initialGib >= 20 && storage.maxGib >= storage.initialGib * 1.1)) {
    throw new ConfigError(
      `storage is ${storage.initialGib} to ${storage.maxGib} GiB; it must begin with 20 or more, and may grow to at least a tenth more than that.`,
      scope,
    );
  }
  if (!(Number.isInteger(backupRetentionDays) && backupRetentionDays >= 1 && backupRetentionDays <= 35)) {
    throw new ConfigError(
      `backupRetentionDays is ${backupRetentionDays}; it must be a whole number of days from 1 to 35.`,
      scope,
    );
  }
}

import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { RDS_POSTGRESQL } from '../../../src/lifecycle/supported-versions';

/** Major versions of PostgreSQL that the library deploys on RDS. */
export const POSTGRES_VERSIONS = ['17', '18'] as const;
export type PostgresVersion = (typeof POSTGRES_VERSIONS)[number];

/** @throws ConfigError when the library does not deploy that version, saying until when which one is supported */
export function checkPostgresVersion(version: string, scope: Construct): asserts version is PostgresVersion {
  if (POSTGRES_VERSIONS.some((allowed) => allowed === version)) return;
  const ends = (RDS_POSTGRESQL.ends as Readonly<Record<string, string>>)[version];
  const reason = ends ? `its standard support on RDS ends on ${ends}` : 'this library was not made for it';
  const allowed = POSTGRES_VERSIONS.map((name) => `${name} (supported until ${RDS_POSTGRESQL.ends[name]})`);
  throw new ConfigError(`version is ${version}: ${reason}. Allowed are ${allowed.join(' and ')}.`, scope);
}

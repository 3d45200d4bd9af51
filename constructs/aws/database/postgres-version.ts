import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';

/** Major versions of PostgreSQL that the library deploys on RDS. */
export const POSTGRES_VERSIONS = ['17', '18'] as const;
export type PostgresVersion = (typeof POSTGRES_VERSIONS)[number];

/**
 * End of standard support on RDS, after which AWS bills extended support by the vCPU and hour, or upgrades by itself.
 * Source: RDS user guide, "Release calendars for Amazon RDS for PostgreSQL", and endoflife.date/amazon-rds-postgresql.
 * RDS ends a version on the last of February after the community ends it.
 */
const STANDARD_SUPPORT_ENDS: Readonly<Record<string, string>> = {
  '11': '2024-02-29',
  '12': '2025-02-28',
  '13': '2026-02-28',
  '14': '2027-02-28',
  '15': '2028-02-29',
  '16': '2029-02-28',
  '17': '2030-02-28',
  '18': '2031-02-28',
};

/** @throws ConfigError when the library does not deploy that version, saying until when which one is supported */
export function checkPostgresVersion(version: string, scope: Construct): asserts version is PostgresVersion {
  if (POSTGRES_VERSIONS.some((allowed) => allowed === version)) return;
  const ends = STANDARD_SUPPORT_ENDS[version];
  const reason = ends ? `its standard support on RDS ends on ${ends}` : 'this library was not made for it';
  const allowed = POSTGRES_VERSIONS.map((name) => `${name} (supported until ${STANDARD_SUPPORT_ENDS[name]})`);
  throw new ConfigError(`version is ${version}: ${reason}. Allowed are ${allowed.join(' and ')}.`, scope);
}

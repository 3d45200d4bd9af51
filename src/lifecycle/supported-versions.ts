/** Until when versions of something are supported at its usual price. */
export interface SupportCalendar {
  /** What has the versions: `EKS`. */
  readonly name: string;
  /** The day, `YYYY-MM-DD`, from which standard support of a version has ended. Versions without one aren't known. */
  readonly ends: Readonly<Record<string, string>>;
  /** What becomes of a version whose support has ended. */
  readonly afterwards: string;
  readonly source: string;
  /** Month in which the source was read. */
  readonly read: string;
}

export const EKS = {
  name: 'Kubernetes on EKS',
  ends: {
    '1.30': '2025-07-23',
    '1.31': '2025-11-26',
    '1.32': '2026-03-23',
    '1.33': '2026-07-29',
    '1.34': '2026-12-02',
    '1.35': '2027-03-27',
    '1.36': '2027-08-02',
  },
  afterwards: 'extended support is $438 a month, or AWS upgrades it by itself',
  source: 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html',
  read: '2026-11',
} as const satisfies SupportCalendar;

/** AKS supports a version for a year from its general availability on; the later versions' ends weren't to be had. */
export const AKS = {
  name: 'Kubernetes on AKS',
  ends: {
    '1.32': '2026-03-31',
    '1.33': '2026-06-30',
    '1.34': '2026-11-30',
  },
  afterwards: 'there are no fixes, and AKS may upgrade it by itself',
  source: 'https://learn.microsoft.com/azure/aks/supported-kubernetes-versions',
  read: '2026-11',
} as const satisfies SupportCalendar;

/** RDS ends a version on the last of February after the community ends it. */
export const RDS_POSTGRESQL = {
  name: 'PostgreSQL on RDS',
  ends: {
    '11': '2024-02-29',
    '12': '2025-02-28',
    '13': '2026-02-28',
    '14': '2027-02-28',
    '15': '2028-02-29',
    '16': '2029-02-28',
    '17': '2030-02-28',
    '18': '2031-02-28',
  },
  afterwards: 'AWS bills extended support by the vCPU and hour, or upgrades it by itself',
  source: 'https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html',
  read: '2026-11',
} as const satisfies SupportCalendar;

/** Of the community, which Azure follows. */
export const POSTGRESQL = {
  name: 'PostgreSQL',
  ends: {
    '13': '2025-11-13',
    '14': '2026-11-12',
    '15': '2027-11-11',
    '16': '2028-11-09',
    '17': '2029-11-08',
    '18': '2030-11-14',
  },
  afterwards: 'there are no fixes any more',
  source: 'https://www.postgresql.org/support/versioning/',
  read: '2026-11',
} as const satisfies SupportCalendar;

export const ELASTICACHE_REDIS = {
  name: 'Redis OSS on ElastiCache',
  ends: { '4': '2026-01-31', '5': '2026-01-31' },
  afterwards: 'AWS bills extended support; Valkey takes its place',
  source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/extended-support.html',
  read: '2026-11',
} as const satisfies SupportCalendar;

/** What rules of databases, caches, queues and brokers have in common. */
export const AT_REST = {
  severity: 'high',
  title: 'Data at rest is encrypted',
  reason: 'A snapshot of it that is shared can be read by whoever gets it, and encryption takes a new one later.',
} as const;

export const PUBLIC = {
  severity: 'critical',
  title: 'It has no address on the internet',
  reason: 'Databases and brokers are scanned for, and passwords tried on them.',
} as const;

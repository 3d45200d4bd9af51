/**
 * Graviton classes of an RDS instance; what one costs a month in one zone, in dollars.
 * Source: AWS list prices for RDS for PostgreSQL in us-east-1, 2026-05.
 */
export const DATABASE_CLASSES = {
  'db.t4g.micro': { memoryGib: 1, usdPerMonth: 11.68 },
  'db.t4g.small': { memoryGib: 2, usdPerMonth: 23.36 },
  'db.t4g.medium': { memoryGib: 4, usdPerMonth: 47.45 },
} as const;

export type DatabaseClass = keyof typeof DATABASE_CLASSES;

/** $ for a GiB of gp3 and month, in one zone. Source: as above. */
const STORAGE_USD = 0.115;

/** What a database costs a month at least, in dollars: instance and storage, each twice with a standby. */
export function databaseUsdPerMonth(instanceClass: DatabaseClass, storageGib: number, multiAz: boolean): number {
  const usd = (DATABASE_CLASSES[instanceClass].usdPerMonth + storageGib * STORAGE_USD) * (multiAz ? 2 : 1);
  return Math.round(usd * 100) / 100;
}

import { usdPerMonth } from '../../../src/cost/list-prices';

/** Graviton classes of an RDS instance. */
export const DATABASE_CLASSES = {
  'db.t4g.micro': { memoryGib: 1 },
  'db.t4g.small': { memoryGib: 2 },
  'db.t4g.medium': { memoryGib: 4 },
} as const;

export type DatabaseClass = keyof typeof DATABASE_CLASSES;

/** What a database costs a month at least, in dollars: instance and storage, each twice with a standby. */
export function databaseUsdPerMonth(instanceClass: DatabaseClass, storageGib: number, multiAz: boolean): number {
  const usd = (usdPerMonth(`aws/rds/${instanceClass}`) + storageGib * usdPerMonth('aws/rds/gp3')) * (multiAz ? 2 : 1);
  return Math.round(usd * 100) / 100;
}

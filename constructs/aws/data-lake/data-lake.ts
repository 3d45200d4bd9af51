import type { GlueCatalogTable } from '@cdktf/provider-aws/lib/glue-catalog-table';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { EncryptionKey } from '../encryption-key';
import type { AccessLogBucket } from '../storage/access-log-bucket';
import { checkDays, type LifecycleRule } from '../storage/private-bucket';
import { DataLakeGrants } from './data-lake-grants';
import { EventDelivery } from './event-delivery';
import { LakeEventSource } from './event-source';
import { LakeFormation } from './lake-formation';
import type { LakePrincipal } from './lake-permissions';
import { EVENTS, TRANSACTIONS } from './lake-tables';
import { LakeZone } from './lake-zone';
import { QueryWorkgroup } from './query-workgroup';

export interface DataLakeProps {
  /** Beginning of its buckets' names, unique in all of AWS, and name of what else it has: 3 to 55 lowercase letters, digits and hyphens. */
  readonly lakeName: string;
  /** The first day there is data of, `YYYY-MM-DD`: Athena looks at no earlier one. */
  readonly since: string;
  /**
   * Where its events come from.
   * @default LakeEventSource.directPut()
   */
  readonly source?: LakeEventSource;
  /**
   * Days that raw events and transactions are kept. They name customers, so they are not kept for good.
   * @default 400
   */
  readonly rawDays?: number;
  /**
   * Days that checked events are kept. They name customers too.
   * @default 400
   */
  readonly cleanDays?: number;
  /**
   * Days that what reports and models are made of is kept.
   * @default 1100
   */
  readonly curatedDays?: number;
  /**
   * GiB that a query may read before Athena stops it; whole ones.
   * @default 10
   */
  readonly maxGibPerQuery?: number;
  /**
   * Days that a query's result can be fetched again.
   * @default 7
   */
  readonly resultDays?: number;
  /**
   * Where S3 writes who asked the zones for what.
   * @default - nowhere
   */
  readonly accessLogs?: AccessLogBucket;
  /**
   * Who works with the zones' tables through Lake Formation, by names that are their logical ids; `{}` registers the
   * zones and lets nobody in. Whoever deploys has to be one of the account's administrators of Lake Formation, and is not
   * named. Then `grants.query` and `grants.curate` read by Lake Formation's leave only, so their grantees are named, too.
   * @default - Lake Formation has no part in it: IAM decides
   */
  readonly lakeFormation?: Readonly<Record<string, LakePrincipal>>;
  /**
   * Refuses a destroy of the buckets and their key. Without it, a destroy takes every object along.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * What customers did, for whoever analyses it or trains on it: raw as it came, clean, and curated. Each zone is a bucket
 * of its own, not a prefix of one: who may write one zone is then said by a bucket's ARN, which no key can get around.
 */
export class DataLake extends Construct {
  readonly key: EncryptionKey;
  readonly raw: LakeZone;
  readonly clean: LakeZone;
  readonly curated: LakeZone;
  readonly events: GlueCatalogTable;
  readonly transactions: GlueCatalogTable;
  readonly source: LakeEventSource;
  readonly delivery: EventDelivery;
  readonly workgroup: QueryWorkgroup;
  readonly lakeFormation?: LakeFormation;
  readonly grants: DataLakeGrants;

  constructor(scope: Construct, id: string, props: DataLakeProps) {
    super(scope, id);
    const { lakeName, since, source = LakeEventSource.directPut() } = props;
    const { rawDays = 400, cleanDays = 400, curatedDays = 1100 } = props;
    this.check(props);
    for (const [name, days] of Object.entries({ rawDays, cleanDays, curatedDays })) checkDays(name, days, this);
    this.source = source;
    this.key = this.addKey(props);
    this.raw = this.addZone('Raw', 'raw', 'As it came', rawDays, props);
    this.clean = this.addZone('Clean', 'clean', 'Checked, each event once', cleanDays, props);
    this.curated = this.addZone('Curated', 'curated', 'What reports and models are made of', curatedDays, props);
    this.events = this.raw.addTable('Events', EVENTS, since);
    this.transactions = this.raw.addTable('Transactions', TRANSACTIONS, since);
    this.delivery = this.addDelivery(lakeName);
    this.workgroup = this.addWorkgroup(props);
    this.lakeFormation = this.addLakeFormation(props);
    this.grants = new DataLakeGrants(this);
  }

  private check({ lakeName, since, maxGibPerQuery = 1, resultDays = 1 }: DataLakeProps): void {
    if (!/^[a-z0-9][a-z0-9-]{1,53}[a-z0-9]$/.test(lakeName)) {
      throw new ConfigError(
        `lakeName is ${lakeName}; it must be 3 to 55 lowercase letters, digits and hyphens, with a letter or digit at both ends.`,
        this,
      );
    }
    if (!/^\d{4}-\d{2}-\d{2}$/.test(since) || Number.isNaN(Date.parse(since))) {
      throw new ConfigError(`since is ${since}; it must be a day, such as 2026-01-31.`, this);
    }
    if (!(Number.isInteger(maxGibPerQuery) && maxGibPerQuery >= 1)) {
      throw new ConfigError(`maxGibPerQuery is ${maxGibPerQuery}; it must be a whole number of GiB from 1.`, this);
    }
    checkDays('resultDays', resultDays, this);
  }

  private addKey({ lakeName, protection = true }: DataLakeProps): EncryptionKey {
    return new EncryptionKey(this, 'Key', {
      aliasName: lakeName,
      description: `Objects and events of the lake ${lakeName}`,
      protection,
    });
  }

  private addZone(
    id: string,
    zone: 'raw' | 'clean' | 'curated',
    description: string,
    days: number,
    { lakeName, protection = true, accessLogs }: DataLakeProps,
  ): LakeZone {
    const lifecycle: LifecycleRule[] = [{ id: `expire-${zone}`, filter: [{}], expiration: [{ days }] }];
    return new LakeZone(this, id, { lakeName, zone, description, key: this.key, protection, lifecycle, accessLogs });
  }

  private addDelivery(lakeName: string): EventDelivery {
    const { source, key, events, raw } = this;
    return new EventDelivery(this, 'Delivery', {
      streamName: `${lakeName}-events`,
      source,
      zone: raw,
      table: events,
      key,
    });
  }

  private addWorkgroup({
    lakeName,
    protection = true,
    maxGibPerQuery = 10,
    resultDays = 7,
  }: DataLakeProps): QueryWorkgroup {
    return new QueryWorkgroup(this, 'Queries', { lakeName, key: this.key, protection, maxGibPerQuery, resultDays });
  }

  private addLakeFormation({ lakeName, lakeFormation: principals }: DataLakeProps): LakeFormation | undefined {
    if (!principals) return undefined;
    const { raw, clean, curated, key, delivery, events } = this;
    return new LakeFormation(this, 'LakeFormation', {
      lakeName,
      raw,
      clean,
      curated,
      key,
      delivery,
      events,
      principals,
    });
  }
}

import { GlueCatalogDatabase } from '@cdktf/provider-aws/lib/glue-catalog-database';
import { GlueCatalogTable } from '@cdktf/provider-aws/lib/glue-catalog-table';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { Construct } from 'constructs';
import type { EncryptionKey } from '../encryption-key';
import type { AccessLogBucket } from '../storage/access-log-bucket';
import { type LifecycleRule, PrivateBucket } from '../storage/private-bucket';
import type { LakeTable } from './lake-tables';

export interface LakeZoneProps {
  readonly lakeName: string;
  readonly zone: 'raw' | 'clean' | 'curated';
  readonly description: string;
  readonly key: EncryptionKey;
  readonly protection: boolean;
  readonly lifecycle: readonly LifecycleRule[];
  readonly accessLogs?: AccessLogBucket;
}

/** A bucket, and the database of Glue's catalogue that describes what lies in it. */
export class LakeZone extends Construct {
  readonly resource: S3Bucket;
  readonly database: GlueCatalogDatabase;

  constructor(scope: Construct, id: string, props: LakeZoneProps) {
    super(scope, id);
    const { lakeName, zone, key, protection, lifecycle } = props;
    const bucket = new PrivateBucket(this, 'Default', {
      bucketName: `${lakeName}-${zone}`,
      encryption: key,
      protection,
      noncurrentVersionDays: 30,
      lifecycle,
    });
    this.resource = bucket.resource;
    props.accessLogs?.collect(this, this.resource);
    this.database = new GlueCatalogDatabase(this, 'Database', {
      // Athena's names have underscores.
      name: `${lakeName}-${zone}`.replaceAll('-', '_'),
      description: props.description,
    });
  }

  /**
   * A table of files in folders `<table>/dt=YYYY-MM-DD/`. Athena works the days out, so that none has to be announced.
   *
   * @param since the first day, `YYYY-MM-DD`
   */
  addTable(id: string, { name, description, columns, parameters, format }: LakeTable, since: string): GlueCatalogTable {
    return new GlueCatalogTable(this, id, {
      name,
      description,
      databaseName: this.database.name,
      tableType: 'EXTERNAL_TABLE',
      partitionKeys: [{ name: 'dt', type: 'date' }],
      parameters: {
        EXTERNAL: 'TRUE',
        'projection.enabled': 'true',
        'projection.dt.type': 'date',
        'projection.dt.format': 'yyyy-MM-dd',
        'projection.dt.range': `${since},NOW`,
        ...parameters,
      },
      storageDescriptor: {
        location: `s3://${this.resource.bucket}/${name}/`,
        columns: [...columns],
        ...format,
      },
    });
  }
}

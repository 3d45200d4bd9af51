import { AthenaWorkgroup } from '@cdktf/provider-aws/lib/athena-workgroup';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { Construct } from 'constructs';
import type { EncryptionKey } from '../encryption-key';
import { PrivateBucket } from '../storage/private-bucket';

export interface QueryWorkgroupProps {
  readonly lakeName: string;
  readonly key: EncryptionKey;
  readonly protection: boolean;
  /** GiB that a query may read before Athena stops it. */
  readonly maxGibPerQuery: number;
  /** Days that a result can be fetched again. */
  readonly resultDays: number;
}

const BYTES_PER_GIB = 1024 ** 3;

/** Where queries run: by these settings, whatever the one who asks has set. */
export class QueryWorkgroup extends Construct {
  readonly resource: AthenaWorkgroup;
  /** Of the results. */
  readonly bucket: S3Bucket;

  constructor(scope: Construct, id: string, props: QueryWorkgroupProps) {
    super(scope, id);
    const { lakeName, key, protection, maxGibPerQuery, resultDays } = props;
    const results = new PrivateBucket(this, 'Results', {
      bucketName: `${lakeName}-queries`,
      encryption: key,
      protection,
      noncurrentVersionDays: 1,
      lifecycle: [{ id: 'expire-results', filter: [{}], expiration: [{ days: resultDays }] }],
    });
    this.bucket = results.resource;
    this.resource = new AthenaWorkgroup(this, 'Resource', {
      name: lakeName,
      description: `Queries of the lake ${lakeName}`,
      forceDestroy: !protection,
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: maxGibPerQuery * BYTES_PER_GIB,
        resultConfiguration: {
          outputLocation: `s3://${this.bucket.bucket}/`,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKeyArn: key.keyArn },
        },
      },
    });
  }
}

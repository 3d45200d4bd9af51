import type { CloudfrontDistributionOrigin } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { CloudfrontOriginAccessControl } from '@cdktf/provider-aws/lib/cloudfront-origin-access-control';
import { Construct } from 'constructs';
import { keepForGood } from '../../../src/guards/kept-for-good';
import { EdgeBucket } from './edge-bucket';

export interface EdgeSiteProps {
  readonly bucketName: string;
  /** Refuses a destroy of the bucket. */
  readonly protection: boolean;
  /** The one distribution that reads it. */
  readonly distributionArn: string;
}

/**
 * The bucket of a site's files, which its distribution alone reads, signing each request (origin access control). They
 * are shown to anybody, so S3's own key encrypts them.
 */
export class EdgeSite extends Construct {
  readonly bucket: EdgeBucket;
  readonly accessControl: CloudfrontOriginAccessControl;

  constructor(scope: Construct, id: string, { bucketName, protection, distributionArn }: EdgeSiteProps) {
    super(scope, id);
    this.bucket = new EdgeBucket(this, 'Bucket', { bucketName, protection }, ({ arn }) => [
      {
        Sid: 'ReadByTheDistribution',
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 's3:GetObject',
        // The trailing * is the files.
        Resource: `${arn}/*`,
        Condition: { StringEquals: { 'aws:SourceArn': distributionArn } },
      },
    ]);
    keepForGood(this.bucket, 'the files of the site as it is, which each release replaces');
    this.accessControl = new CloudfrontOriginAccessControl(this, 'AccessControl', {
      name: bucketName,
      description: `Reads ${bucketName}`,
      originAccessControlOriginType: 's3',
      signingBehavior: 'always',
      signingProtocol: 'sigv4',
    });
  }

  /** As a distribution has it. */
  origin(originId: string): CloudfrontDistributionOrigin {
    return {
      originId,
      domainName: this.bucket.resource.bucketRegionalDomainName,
      originAccessControlId: this.accessControl.id,
    };
  }
}

import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy';
import { Route53QueryLog } from '@cdktf/provider-aws/lib/route53-query-log';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { EncryptedLogGroup } from '../encrypted-log-group';
import { policyDocument } from '../policy-document';
import { inUsEast1 } from '../us-east-1';

export interface DnsQueryLogsProps {
  readonly zone: { readonly zoneId: string; readonly domainName: string; readonly resource: { readonly arn: string } };
  readonly retentionDays: number;
  /** Refuses a destroy of the log group and its key. */
  readonly protection: boolean;
  readonly usEast1?: TerraformProvider;
}

/** The queries that a zone answers, in CloudWatch in us-east-1, which is the one region that Route 53 writes to. */
export class DnsQueryLogs extends Construct {
  readonly resource: Route53QueryLog;
  readonly logGroup: EncryptedLogGroup;

  constructor(scope: Construct, id: string, { zone, retentionDays, protection, usEast1 }: DnsQueryLogsProps) {
    super(scope, id);
    const provider = inUsEast1(this, usEast1);
    this.logGroup = new EncryptedLogGroup(this, 'LogGroup', {
      logGroupName: `/aws/route53/${zone.domainName}`,
      keyAliasName: `${zone.domainName.replaceAll('.', '-')}-dns-queries`,
      retentionDays,
      protection,
      usEast1: { provider },
    });
    const permission = new CloudwatchLogResourcePolicy(this, 'Permission', {
      policyName: `route53-${zone.domainName.replaceAll('.', '-')}`,
      policyDocument: policyDocument({
        Effect: 'Allow',
        Principal: { Service: 'route53.amazonaws.com' },
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        // The trailing * is the log group's streams, one for each edge location.
        Resource: `${this.logGroup.resource.arn}:*`,
        Condition: {
          StringEquals: { 'aws:SourceAccount': AwsAccount.of(this).accountId },
          ArnLike: { 'aws:SourceArn': zone.resource.arn },
        },
      }),
      provider,
    });
    this.resource = new Route53QueryLog(this, 'Resource', {
      zoneId: zone.zoneId,
      cloudwatchLogGroupArn: this.logGroup.resource.arn,
      dependsOn: [permission],
    });
  }
}

import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

/** Where the stack's AWS provider works: account, region and partition, read once for each stack. */
export class AwsAccount extends Construct {
  static of(scope: Construct): AwsAccount {
    const stack = TerraformStack.of(scope);
    return (stack.node.tryFindChild('AwsAccount') as AwsAccount | undefined) ?? new AwsAccount(stack, 'AwsAccount');
  }

  /** Who deploys: a user, or the session of a role. Differs from deploy to deploy. */
  readonly callerArn: string;
  /** 12 digits. */
  readonly accountId: string;
  /** e.g. `us-east-1`. */
  readonly region: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const caller = new DataAwsCallerIdentity(this, 'CallerIdentity');
    this.accountId = caller.accountId;
    this.callerArn = caller.arn;
    // `id` is the one attribute with the region's name in both provider 5 (`name`) and 6 (`region`).
    this.region = new DataAwsRegion(this, 'Region').id;
    this.partition = new DataAwsPartition(this, 'Partition').partition;
  }

  /** ARN of something of this account and region, e.g. `arn('logs', 'log-group:/aws/eks/prod/cluster')`. */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
  }

  /** ARN of something of IAM's in this account, e.g. `iamArn('role/reader')`. IAM has no regions. */
  iamArn(resource: string): string {
    return `arn:${this.partition}:iam::${this.accountId}:${resource}`;
  }

  /** ARN of a policy that AWS keeps, e.g. `managedPolicyArn('AmazonEKSClusterPolicy')`. */
  managedPolicyArn(name: string): string {
    return `arn:${this.partition}:iam::aws:policy/${name}`;
  }
}

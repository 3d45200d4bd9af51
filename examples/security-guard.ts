import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { App, TerraformStack } from 'cdktf';
import { guardStacks, SecurityGuard } from 'cdktf-recommender/guards';
import type { Construct } from 'constructs';

/** A stack of your own, with nothing of the recommender in it. */
class Shop extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'us-east-1' });
    new S3Bucket(this, 'Invoices', { bucket: 'shop-invoices' });
    new SecurityGroup(this, 'Bastion', {
      description: 'The way in for operators',
      vpcId: 'vpc-0123456789abcdef0',
      ingress: [{ description: 'SSH', fromPort: 22, toPort: 22, protocol: 'tcp', cidrBlocks: ['0.0.0.0/0'] }],
    });
  }
}

const app = new App();
const shop = new Shop(app, 'shop');
// `cdktf synth` fails by what the bucket lacks, and says what to add. SSH may stay open until the day that is named.
guardStacks(
  [shop],
  [
    new SecurityGuard({
      suppressions: [
        {
          rule: 'AWS-NET-001',
          path: 'shop/Bastion',
          reason: 'The old office has no VPN; the bastion goes with its lease.',
          until: '2027-03-31',
        },
      ],
    }),
  ],
);
app.synth();

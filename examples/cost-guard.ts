import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { Instance } from '@cdktf/provider-aws/lib/instance';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { CostGuard, guardStacks } from 'cdktf-recommender/guards';
import type { Construct } from 'constructs';

/** A stack of your own, with nothing of the recommender in it. */
class Shop extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, 'Aws', { region: 'us-east-1' });
    const address = new Eip(this, 'Address', { domain: 'vpc' });
    new NatGateway(this, 'Nat', { allocationId: address.allocationId, subnetId: 'subnet-0123456789abcdef0' });
    new Instance(this, 'Web', { ami: 'ami-0123456789abcdef0', instanceType: 'm7i.xlarge' });
    new DbInstance(this, 'Orders', {
      engine: 'postgres',
      instanceClass: 'db.t4g.medium',
      allocatedStorage: 100,
      multiAz: true,
      username: 'shop',
      manageMasterUserPassword: true,
    });
  }
}

const app = new App();
const shop = new Shop(app, 'shop');
guardStacks(
  [shop],
  [
    new CostGuard({
      // USD a month. `cdktf synth` fails above it, and says what to change.
      budget: Number(process.env.BUDGET ?? 400),
      // What you measured, and what you pay under a contract.
      usage: { natGb: 200 },
      prices: { 'aws/nat-gateway': 0.04 },
    }),
  ],
);
app.synth();

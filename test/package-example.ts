import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { TimeProvider } from '@cdktf/provider-time/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { CapacityPlan, ServiceLevelObjective } from 'cdktf-recommender';
import * as aws from 'cdktf-recommender/aws';
import { DOCUMENT_STORE_SIZES } from 'cdktf-recommender/aws/document-store';
import * as azure from 'cdktf-recommender/azure';
import { BoundedStateGuard, guardStacks, RetiredPartsGuard } from 'cdktf-recommender/guards';
import { RecommenderNamespace } from 'cdktf-recommender/kubernetes';
import type { Construct } from 'constructs';

const capacity = new CapacityPlan();
const slo = new ServiceLevelObjective();
const endpointAccess = aws.EndpointAccess.public({ cidrs: ['203.0.113.0/24'] });

/** A few constructs of each area, in a stack of somebody else. */
class AwsStack extends TerraformStack {
  constructor(scope: Construct) {
    super(scope, 'aws');
    new AwsProvider(this, 'Aws', { region: 'us-east-1' });
    new TimeProvider(this, 'Time');
    new KubernetesProvider(this, 'Kubernetes');
    const network = new aws.Network(this, 'Network', { networkName: 'shop', cidr: '10.66.0.0/16' });
    this.addCluster(network);
    this.addData(network);
    this.addFunctions();
    this.watch();
  }

  private addCluster(network: aws.Network): void {
    const cluster = new aws.RecommenderCluster(this, 'Cluster', {
      clusterName: 'shop',
      network,
      endpointAccess,
      adminPrincipalArns: ['arn:aws:iam::111122223333:role/deploy'],
      capacity,
    });
    new aws.StorageClass(this, 'StorageClass', { cluster });
    new RecommenderNamespace(this, 'Recommender', { cluster });
  }

  private addData(network: aws.Network): void {
    new aws.ModelStore(this, 'ModelStore', { bucketName: 'shop-models-111122223333' });
    new aws.Database(this, 'Database', { instanceName: 'shop', network });
    new aws.QueueEventStream(this, 'Orders', { streamName: 'shop-orders' });
  }

  private addFunctions(): void {
    const key = new aws.FunctionKey(this, 'FunctionKey', { keyName: 'shop' });
    const registry = '111122223333.dkr.ecr.us-east-1.amazonaws.com/shop-functions';
    new aws.RecommenderFunction(this, 'Report', {
      functionName: 'shop-report',
      description: 'Writes the report of the day',
      image: aws.FunctionImage.byDigest(registry, `sha256:${'0'.repeat(64)}`),
      command: 'report',
      key,
      environment: {},
      size: { memoryMegabytes: 512, timeoutSeconds: 60 },
    });
  }

  private watch(): void {
    const pages = new aws.AlertTopic(this, 'Pages', { topicName: 'shop-pages' });
    const source = aws.MetricSource.httpApi({ apiId: 'a1b2c3', stage: 'v1' });
    new aws.SloAlarms(this, 'Alarms', { serviceName: 'shop', slo, source, pages });
    new aws.WebAcl(this, 'WebAcl', { aclName: 'shop', placement: 'region', capacity });
  }
}

class AzureStack extends TerraformStack {
  constructor(scope: Construct) {
    super(scope, 'azure');
    new AzurermProvider(this, 'Azure', { features: [{}] });
    new TimeProvider(this, 'Time');
    const resourceGroup = new ResourceGroup(this, 'ResourceGroup', { name: 'shop', location: 'eastus' });
    const network = new azure.Network(this, 'Network', { networkName: 'shop', resourceGroup, cidr: '10.74.0.0/16' });
    new azure.RecommenderCluster(this, 'Cluster', {
      clusterName: 'shop',
      resourceGroup,
      network,
      endpointAccess,
      adminGroupObjectIds: ['00000000-0000-4000-8000-000000000002'],
      capacity,
    });
  }
}

if (!('M10' in DOCUMENT_STORE_SIZES)) throw new Error('No small document store');
const app = new App();
for (const stack of [new AwsStack(app), new AzureStack(app)]) {
  guardStacks([stack], [new BoundedStateGuard(), new RetiredPartsGuard()]);
}
app.synth();

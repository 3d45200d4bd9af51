import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { CapacityPlan, ServiceLevelObjective } from 'cdktf-recommender';
import {
  type IWorkloadIdentity,
  MODEL_SERVER_SERVICE_ACCOUNT,
  ModelServer,
  NetworkPeer,
  RecommenderNamespace,
} from 'cdktf-recommender/kubernetes';
import type { Construct } from 'constructs';

/** A stack of your own, with the model server in a cluster that you have. */
class ShopStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new KubernetesProvider(this, 'Kubernetes', { configPath: '~/.kube/config', configContext: 'shop' });

    const namespace = new RecommenderNamespace(this, 'Recommender', { cluster: { ready: [] } });
    const modelServer = new ModelServer(this, 'ModelServer', {
      namespace,
      image: `registry.shop.example/recommender@sha256:${'4'.repeat(64)}`,
      identity: storeReader,
      modelStoreUrl: 's3://shop-models/recommender',
      capacity: new CapacityPlan({ concurrentUsers: 2_000, minReplicas: 2, maxReplicas: 10 }),
      slo: new ServiceLevelObjective({ latencyP99Ms: 150 }),
      environment: { AWS_REGION: 'eu-central-1', RECOMMENDER_CHANNEL: 'stable' },
    });
    modelServer.connections.allowFrom(NetworkPeer.namespace('web'), [{ port: 'http' }], 'The shop asks for lists');
  }
}

/** The role that you gave the pods, by whatever your cluster has for it: here, IAM roles for service accounts. */
const storeReader: IWorkloadIdentity = {
  ...MODEL_SERVER_SERVICE_ACCOUNT,
  serviceAccountAnnotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/shop-models-reader' },
  podLabels: {},
  credentialSources: [],
  ready: [],
};

const app = new App();
new ShopStack(app, 'shop');
app.synth();

// A model server whose version a follower pins, as a user would write it: rolled out by its Deployment, or by Flagger.
const { HelmProvider } = require('@cdktf/provider-helm/lib/provider');
const { KubernetesProvider } = require('@cdktf/provider-kubernetes/lib/provider');
const { App, TerraformStack } = require('cdktf');
const { CapacityPlan, ServiceLevelObjective } = require('../../../../dist/src');
const {
  Flagger,
  MODEL_FOLLOWER_SERVICE_ACCOUNT,
  MODEL_SERVER_SERVICE_ACCOUNT,
  ModelFollower,
  ModelServer,
  ModelVersion,
  RecommenderNamespace,
} = require('../../../../dist/constructs/kubernetes');

const CLUSTER = { ready: [], storageClassName: 'encrypted' };
const image = `registry.example.com/model-server@sha256:${'a'.repeat(64)}`;
const modelStoreUrl = 's3://models';
const identity = (account) => ({
  ...account,
  serviceAccountAnnotations: {},
  podLabels: {},
  credentialSources: [],
  ready: [],
});

class PinnedStack extends TerraformStack {
  constructor(scope, id, rollsOut) {
    super(scope, id);
    new KubernetesProvider(this, 'Kubernetes');
    if (rollsOut === 'flagger') new HelmProvider(this, 'Helm');
    const namespace = new RecommenderNamespace(this, 'Namespace', { cluster: CLUSTER });
    const rolledOutBy =
      rollsOut === 'flagger'
        ? new Flagger(this, 'Flagger', { cluster: CLUSTER, gatewayApi: namespace.resource })
        : undefined;
    const modelServer = new ModelServer(this, 'ModelServer', {
      namespace,
      image,
      modelStoreUrl,
      identity: identity(MODEL_SERVER_SERVICE_ACCOUNT),
      capacity: new CapacityPlan(),
      slo: new ServiceLevelObjective(),
      modelVersion: ModelVersion.pinnedByFollower(),
      rolledOutBy,
    });
    // A rollout that doesn't get on is given up after ten seconds, not ten minutes.
    modelServer.deployment.addOverride('spec.progress_deadline_seconds', 10);
    new ModelFollower(this, 'ModelFollower', {
      namespace,
      image,
      modelStoreUrl,
      identity: identity(MODEL_FOLLOWER_SERVICE_ACCOUNT),
      modelServer,
      clusterName: 'eu',
      pollSeconds: 1,
    });
  }
}

const app = new App();
new PinnedStack(app, 'pinned', 'deployment');
new PinnedStack(app, 'pinned-by-flagger', 'flagger');
app.synth();

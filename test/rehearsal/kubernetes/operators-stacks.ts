import { Release } from '@cdktf/provider-helm/lib/release';
import type { TerraformStack } from 'cdktf';
import {
  ArgoCdApplication,
  ArgoWorkflows,
  Autoscaling,
  BackupSchedule,
  BlackboxProbes,
  CertManager,
  DeliveryShape,
  DeliveryWebhook,
  DistributedTraining,
  EnvoyGateway,
  EXTERNAL_SECRETS_SERVICE_ACCOUNT,
  ExternalSecret,
  ExternalSecrets,
  Flagger,
  FluxKustomization,
  Gateway,
  GatewayAuthentication,
  GatewayCertificate,
  GitRevision,
  ImageAttestor,
  IstioAmbient,
  Kafka,
  KafkaNodes,
  Keda,
  KedaTrigger,
  Kong,
  KServe,
  KServeModel,
  KubeflowTrainer,
  Kyverno,
  Logging,
  LogStore,
  ObservabilityStack,
  PodPolicies,
  ProgressiveDelivery,
  type RecommenderNamespace,
  SecretValue,
  SignedImages,
  Strimzi,
  TRAINER_SERVICE_ACCOUNT,
  Trainer,
  TrainingData,
  TrainingWorkflow,
  VELERO_SERVICE_ACCOUNT,
  Velero,
} from '../../../constructs/kubernetes';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { CLUSTER, IMAGE, identity, modelServer } from '../../constructs/kubernetes/fixtures';

type Build = (stack: TerraformStack, namespace: RecommenderNamespace) => void;

const cluster = CLUSTER;
const slo = new ServiceLevelObjective();
const capacity = new CapacityPlan();
const hostname = 'recommendations.shop.example.com';
const DIGEST = `sha256:${'d'.repeat(64)}`;
const GIT = { url: 'https://git.example.com/shop/recommender.git', revision: GitRevision.branch('main') };

/** A gateway whose certificate a certificate authority gives, and whose callers have tokens. */
const gateway: Build = (stack, namespace) => {
  const envoyGateway = new EnvoyGateway(stack, 'EnvoyGateway', { cluster });
  const certManager = new CertManager(stack, 'CertManager', { cluster, gatewayApi: envoyGateway.release });
  const authentication = GatewayAuthentication.jwt({
    issuer: 'https://login.example.com',
    audiences: ['recommender'],
    jwksUri: 'https://login.example.com/.well-known/jwks.json',
  });
  const certificate = GatewayCertificate.acme({ certManager, email: 'team@shop.example.com' });
  const server = modelServer(stack, namespace);
  const loadBalancerAnnotations = { 'cloud.example.com/type': 'network' };
  const props = {
    namespace,
    controller: envoyGateway,
    modelServer: server,
    hostname,
    certificate,
    authentication,
    capacity,
    slo,
  };
  new Gateway(stack, 'Gateway', { ...props, loadBalancerAnnotations });
};

/** The same by Kong. */
const byKong: Build = (stack, namespace) => {
  const controller = new Kong(stack, 'Kong', { cluster, gatewayApi: operator(stack) });
  const certificate = GatewayCertificate.secret('certificate');
  const authentication = GatewayAuthentication.none();
  const server = modelServer(stack, namespace);
  const props = { namespace, controller, modelServer: server, hostname, certificate, authentication, capacity, slo };
  new Gateway(stack, 'Gateway', props);
};

const autoscaling =
  (...triggers: [KedaTrigger, ...KedaTrigger[]]): Build =>
  (stack, namespace) => {
    const keda = new Keda(stack, 'Keda', { cluster });
    modelServer(stack, namespace, { autoscaling: Autoscaling.keda({ keda, triggers }) });
  };

const delivery =
  (shape: DeliveryShape): Build =>
  (stack, namespace) => {
    const envoyGateway = new EnvoyGateway(stack, 'EnvoyGateway', { cluster });
    const flagger = new Flagger(stack, 'Flagger', { cluster, gatewayApi: envoyGateway.release });
    const server = modelServer(stack, namespace, { rolledOutBy: flagger });
    const certificate = GatewayCertificate.secret('certificate');
    const authentication = GatewayAuthentication.none();
    const props = {
      namespace,
      controller: envoyGateway,
      modelServer: server,
      hostname,
      certificate,
      authentication,
      capacity,
      slo,
    };
    const webhooks = [
      DeliveryWebhook.loadTest({ url: 'http://load-tester.test/', command: 'k6 run /scripts/canary.js' }),
      DeliveryWebhook.approval({ url: 'http://approval.test/' }),
    ];
    const split = { flagger, modelServer: server, gateway: new Gateway(stack, 'Gateway', props), slo, shape, webhooks };
    new ProgressiveDelivery(stack, 'Delivery', split);
  };

const observed = (stack: TerraformStack, namespace: RecommenderNamespace) => {
  const server = modelServer(stack, namespace);
  return {
    server,
    observability: new ObservabilityStack(stack, 'Observability', { cluster, modelServer: server, slo }),
  };
};

const secrets: Build = (stack, namespace) => {
  const reader = identity(EXTERNAL_SECRETS_SERVICE_ACCOUNT);
  const operator = new ExternalSecrets(stack, 'ExternalSecrets', { cluster, namespace, identity: reader });
  const provider = { aws: { service: 'SecretsManager', region: 'eu-central-1' } };
  const store = { provider, secretNames: ['api-keys', 'redis-password'] };
  const url = 'rediss://cache.example.com:6380';
  const keys = {
    'api-keys.jsonl': SecretValue.stored('api-keys'),
    'redis-url': SecretValue.redisUrl({ url, password: 'redis-password' }),
  };
  new ExternalSecret(stack, 'Secret', { operator, namespace, store, secretName: 'model-server', keys });
};

const training: Build = (stack, namespace) => {
  const trainer = new Trainer(stack, 'Trainer', {
    namespace,
    image: IMAGE,
    identity: identity(TRAINER_SERVICE_ACCOUNT),
    modelStoreUrl: 's3://models/store',
    data: TrainingData.onVolume({ claimName: 'purchases', path: 'shop.csv.gz' }),
  });
  const tag = `v4.1.0@${DIGEST}`;
  const argo = new ArgoWorkflows(stack, 'Argo', { namespace, controllerTag: tag, executorTag: tag });
  new TrainingWorkflow(stack, 'Workflow', { trainer, argo, require: { 'ndcg@20': 0.1 } });
};

const distributed: Build = (stack, namespace) => {
  new DistributedTraining(stack, 'Training', {
    namespace,
    trainer: new KubeflowTrainer(stack, 'Trainer', { cluster }),
    name: 'two-tower',
    run: 1,
    image: IMAGE,
    command: ['python', '/app/train.py'],
    framework: 'torch',
    identity: identity({ namespace: 'recommender', serviceAccountName: 'two-tower' }),
  });
};

const served: Build = (stack, namespace) => {
  const envoyGateway = new EnvoyGateway(stack, 'EnvoyGateway', { cluster });
  const certManager = new CertManager(stack, 'CertManager', { cluster, gatewayApi: envoyGateway.release });
  new KServeModel(stack, 'Ranker', {
    namespace,
    kserve: new KServe(stack, 'KServe', { cluster, certManager }),
    name: 'ranker',
    image: IMAGE,
    storageUri: 's3://models/rankers',
    identity: identity({ namespace: 'recommender', serviceAccountName: 'ranker' }),
  });
};

const backup: Build = (stack) => {
  const velero = new Velero(stack, 'Velero', {
    cluster,
    location: {
      provider: 'aws',
      bucket: 'shop-prod-backups',
      config: { region: 'eu-west-1' },
      pluginImage: `velero/velero-plugin-for-aws@${DIGEST}`,
    },
    identity: identity(VELERO_SERVICE_ACCOUNT),
    snapshotDriver: 'ebs.csi.aws.com',
  });
  new BackupSchedule(stack, 'Daily', { velero, scheduleName: 'daily' });
};

/** What brings the kinds where somebody else installs the operator. */
const operator = (stack: TerraformStack) => new Release(stack, 'Operator', { name: 'operator', chart: 'operator' });

/** Every construct that makes objects of kinds that operators bring, a line for each. */
export const OPERATORS_STACKS: Readonly<Record<string, Build>> = {
  gateway,
  'a gateway by Kong': byKong,
  'autoscaling on requests and CPU': autoscaling(
    KedaTrigger.requestsPerSecond({ perReplica: 600 }),
    KedaTrigger.cpu({ targetPercent: 60 }),
  ),
  'autoscaling on a queue and the clock': autoscaling(
    KedaTrigger.kafkaLag({
      bootstrapServers: 'kafka:9092',
      topic: 'events',
      consumerGroup: 'server',
      perReplica: 1000,
    }),
    KedaTrigger.cron({ start: '0 18 * * 5', end: '0 22 * * 5', timezone: 'Europe/Berlin', replicas: 20 }),
  ),
  'canary delivery': delivery(DeliveryShape.canary()),
  'blue/green delivery': delivery(DeliveryShape.blueGreen()),
  'mirrored delivery': delivery(DeliveryShape.mirrored()),
  'A/B delivery': delivery(DeliveryShape.abTest({ header: { name: 'x-experiment', value: 'b' } })),
  probes: (stack, namespace) => {
    const { server, observability } = observed(stack, namespace);
    new BlackboxProbes(stack, 'Probes', { observability, modelServer: server, gateway: { hostname } });
  },
  'logs in Elasticsearch': (stack, namespace) => {
    const { observability } = observed(stack, namespace);
    new Logging(stack, 'Logging', { cluster, observability, store: LogStore.elasticsearch({ nodes: 3 }) });
  },
  secrets,
  'rules for pods': (stack, namespace) => {
    new PodPolicies(stack, 'PodPolicies', { namespace, registries: ['registry.example.com/shop'] });
  },
  'signed images': (stack, namespace) => {
    const attestors = [
      ImageAttestor.keyless({ issuer: 'https://token.example.com', subject: 'https://git.example.com/shop' }),
    ] as const;
    new SignedImages(stack, 'SignedImages', {
      kyverno: new Kyverno(stack, 'Kyverno', { cluster }),
      namespace,
      attestors,
    });
  },
  backup,
  'training by a workflow': training,
  'distributed training': distributed,
  'a model of its own': served,
  mesh: (stack, namespace) => {
    const { connections } = modelServer(stack, namespace);
    const protectedWorkload = { namespace: namespace.resource, connections, probePorts: ['http'] };
    new IstioAmbient(stack, 'Mesh', { cluster }).protect('ModelServer', protectedWorkload);
  },
  'an event stream': (stack, namespace) => {
    const strimzi = new Strimzi(stack, 'Strimzi', { cluster, namespace });
    const kafka = new Kafka(stack, 'Events', { cluster, namespace, strimzi, nodes: KafkaNodes.three() });
    const podLabels = { 'app.kubernetes.io/name': 'model-trainer' };
    kafka.addClient('Trainer', { name: 'trainer', podLabels, consumes: ['interactions'] });
  },
  'GitOps by Argo CD': (stack) => {
    new ArgoCdApplication(stack, 'GitOps', { ...GIT, applicationName: 'recommender', argoCd: [operator(stack)] });
  },
  'GitOps by Flux': (stack) => {
    new FluxKustomization(stack, 'GitOps', { ...GIT, kustomizationName: 'recommender', flux: [operator(stack)] });
  },
};

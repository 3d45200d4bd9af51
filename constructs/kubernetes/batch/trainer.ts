import type { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IWorkloadIdentity, WorkloadIdentityProps } from '../../contracts';
import { cloudConnections } from '../cloud-connections';
import type { Connections } from '../connections';
import { checkImageDigest } from '../image-digest';
import { RECOMMENDER_NAMESPACE, type RecommenderNamespace } from '../recommender-namespace';
import { workloadServiceAccount } from '../workload-service-account';
import type { TrainingData } from './training-data';

const NAME = 'model-trainer';

/** Service account of trainings, the same in either cluster: what its cloud identity is bound to. */
export const TRAINER_SERVICE_ACCOUNT: WorkloadIdentityProps = {
  namespace: RECOMMENDER_NAMESPACE,
  serviceAccountName: NAME,
};

export interface TrainerProps {
  readonly namespace: RecommenderNamespace;
  /** Image by digest with the command `recommender`, Node.js and a shell. */
  readonly image: string;
  /** Cloud identity of {@link TRAINER_SERVICE_ACCOUNT}, which may read and write the model store. */
  readonly identity: IWorkloadIdentity;
  /** Where versions are registered: `s3://bucket/prefix` or `az://account/container/prefix`. */
  readonly modelStoreUrl: string;
  readonly data: TrainingData;
  /**
   * Name of the model.
   * @default 'online-retail'
   */
  readonly model?: string;
  /**
   * Days before now that a model is tested on, and trained on as well once it was tested.
   * @default 28
   */
  readonly testDays?: number;
  /**
   * More environment variables, such as the region of the cloud.
   * @default {}
   */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Who trains, on what, and where to: what scheduled trainings and workflows share. It runs nothing by itself. */
export class Trainer extends Construct {
  readonly namespaceName: string;
  readonly image: string;
  readonly data: TrainingData;
  readonly testDays: number;
  readonly serviceAccount: ServiceAccountV1;
  /** Nobody may connect to it, and it to the cloud only. */
  readonly connections: Connections;
  readonly identity: IWorkloadIdentity;
  readonly environment: Readonly<Record<string, string>>;
  /** Labels of all its pods. */
  readonly podLabels: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: TrainerProps) {
    super(scope, id);
    const { namespace, image, identity, data, testDays = 28 } = props;
    checkImageDigest(image, this);
    if (!(Number.isInteger(testDays) && testDays >= 1)) {
      throw new ConfigError(`testDays is ${testDays}; allowed are whole days from 1.`, this);
    }
    this.namespaceName = namespace.namespaceName;
    this.image = image;
    this.data = data;
    this.testDays = testDays;
    this.identity = identity;
    const constant = 'TRAINER_SERVICE_ACCOUNT';
    this.serviceAccount = workloadServiceAccount(this, {
      namespace,
      identity,
      expected: TRAINER_SERVICE_ACCOUNT,
      constant,
    });
    this.environment = {
      ...props.environment,
      RECOMMENDER_STORE: props.modelStoreUrl,
      RECOMMENDER_MODEL: props.model ?? 'online-retail',
      // As for the model server: nothing is sent to Microsoft.
      ORT_DISABLE_TELEMETRY: '1',
    };
    const selector = { 'app.kubernetes.io/component': NAME };
    this.podLabels = { ...selector, ...identity.podLabels };
    this.connections = cloudConnections(this, {
      name: NAME,
      namespaceName: this.namespaceName,
      podLabels: selector,
      identity,
      reason: 'It registers model versions in the store',
    });
  }
}

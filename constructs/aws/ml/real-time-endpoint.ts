import type { SagemakerEndpointDeploymentConfig } from '@cdktf/provider-aws/lib/sagemaker-endpoint';
import { Construct } from 'constructs';
import { type CapacityPlan, ConfigError } from '../../../src';
import type { EncryptionKey } from '../encryption-key';
import type { Connections, IConnectable } from '../network/connections';
import type { IGrantee, PolicyStatement } from '../policy-document';
import type { DataCapture } from './data-capture';
import { addVolumeKey, Endpoint, type EndpointChoices } from './endpoint';
import { EndpointAlarms } from './endpoint-alarms';
import { EndpointScaling } from './endpoint-scaling';
import { SageMakerModel, type SageMakerModelInNetworkProps } from './sagemaker-model';

export interface RealTimeEndpointProps extends SageMakerModelInNetworkProps, EndpointChoices {
  /** Bounds of the autoscaler, from 2 instances, what it aims at, and the instances of each deploy. */
  readonly capacity: CapacityPlan;
  /**
   * Instances of SageMaker, of the image's architecture and without disks of their own, which can't be encrypted by a key
   * of one's own. `capacity.requestsPerSecondPerReplica` is to be measured with it.
   * @default 'ml.c7g.large' - 2 vCPUs and 4 GiB on arm64
   */
  readonly instanceType?: `ml.${string}`;
  /**
   * Keeps a share of questions and answers for some days.
   * @default - none is kept
   */
  readonly dataCapture?: DataCapture;
}

/** Families with NVMe disks of their own: c6gd, m5d, g4dn. */
const HAS_DISKS = /^ml\.[a-z]+\d+[a-z]*d[a-z]*\./;

/** Seconds that a tenth of the requests goes to what is new, and that what was before is kept after all of them do. */
const CANARY_SECONDS = 600;

/**
 * The model server on instances of SageMaker in the private subnets, two or more, asked by `InvokeEndpoint`. A change
 * comes to a second set of instances, a tenth of the requests first, and is taken back when an alarm rings.
 */
export class RealTimeEndpoint extends Construct implements IConnectable, IGrantee {
  readonly model: SageMakerModel;
  readonly endpoint: Endpoint;
  readonly volumeKey: EncryptionKey;
  readonly alarms: EndpointAlarms;
  readonly scaling: EndpointScaling;
  readonly connections: Connections;
  readonly endpointName: string;

  constructor(scope: Construct, id: string, props: RealTimeEndpointProps) {
    super(scope, id);
    this.check(props);
    const { endpointName, capacity, slo, dataCapture, instanceType = 'ml.c7g.large' } = props;
    this.endpointName = endpointName;
    this.model = new SageMakerModel(this, 'Model', props);
    // A model in a network has one.
    this.connections = (this.model.securityGroup as IConnectable).connections;
    dataCapture?.grantWrite(this.model);
    this.volumeKey = addVolumeKey(this, props);
    this.alarms = new EndpointAlarms(this, 'Alarms', { endpointName, slo });
    this.endpoint = new Endpoint(this, 'Endpoint', {
      ...props,
      model: this.model,
      // Each change begins with as many again: the provider doesn't tell SageMaker to keep what the autoscaler chose.
      variant: { instanceType, initialInstanceCount: capacity.initialReplicas, initialVariantWeight: 1 },
      volumeKeyArn: this.volumeKey.keyArn,
      dataCapture: dataCapture?.settings,
      deploymentConfig: carefully(this.alarms),
    });
    this.scaling = new EndpointScaling(this, 'Scaling', { endpoint: this.endpoint.resource, capacity });
  }

  /** Lets what acts as its role do more. */
  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.model.addPolicy(name, statements);
  }

  /** May ask the model server, by SageMaker's `InvokeEndpoint`. */
  grantInvoke(grantee: IGrantee): void {
    this.endpoint.grantInvoke(grantee, `${this.node.id}Invoke`);
  }

  private check({ capacity, instanceType = 'ml.c7g.large' }: RealTimeEndpointProps): void {
    if (capacity.minReplicas < 2) {
      throw new ConfigError(
        `capacity.minReplicas is ${capacity.minReplicas}; it must be 2 or more, since one instance is gone with its zone.`,
        this,
      );
    }
    if (!/^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceType) || HAS_DISKS.test(instanceType)) {
      throw new ConfigError(
        `instanceType is ${instanceType}; it must be one of SageMaker's without disks of its own, such as ml.c7g.large.`,
        this,
      );
    }
  }
}

/** A tenth of the requests first, then all, each for a while; back when an alarm rings. */
function carefully({ alarmNames }: EndpointAlarms): SagemakerEndpointDeploymentConfig {
  return {
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: {
        type: 'CANARY',
        canarySize: { type: 'CAPACITY_PERCENT', value: 10 },
        waitIntervalInSeconds: CANARY_SECONDS,
      },
      terminationWaitInSeconds: CANARY_SECONDS,
      maximumExecutionTimeoutInSeconds: 6 * CANARY_SECONDS,
    },
    autoRollbackConfiguration: { alarms: alarmNames.map((alarmName) => ({ alarmName })) },
  };
}

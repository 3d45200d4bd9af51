import { SagemakerEndpoint, type SagemakerEndpointDeploymentConfig } from '@cdktf/provider-aws/lib/sagemaker-endpoint';
import {
  SagemakerEndpointConfiguration,
  type SagemakerEndpointConfigurationDataCaptureConfig,
  type SagemakerEndpointConfigurationProductionVariants,
} from '@cdktf/provider-aws/lib/sagemaker-endpoint-configuration';
import { Construct } from 'constructs';
import { EncryptedLogGroup } from '../encrypted-log-group';
import { EncryptionKey } from '../encryption-key';
import type { IGrantee } from '../policy-document';
import type { SageMakerModel } from './sagemaker-model';

/** The one variant of an endpoint; a new configuration has to have it too, or there is no careful change to it. */
export const VARIANT_NAME = 'model-server';

/** Choices that both kinds of endpoints have. */
export interface EndpointChoices {
  /**
   * Days that logs are kept.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * Refuses a destroy of the logs, and of their key and the disks'.
   * @default true
   */
  readonly protection?: boolean;
}

export interface EndpointProps extends EndpointChoices {
  readonly endpointName: string;
  readonly model: SageMakerModel;
  readonly variant: SagemakerEndpointConfigurationProductionVariants;
  readonly volumeKeyArn: string;
  readonly dataCapture?: SagemakerEndpointConfigurationDataCaptureConfig;
  readonly deploymentConfig?: SagemakerEndpointDeploymentConfig;
}

/** Adds the key of the disks that an endpoint's containers have. */
export function addVolumeKey(
  scope: Construct,
  { endpointName, protection = true }: EndpointChoices & Pick<EndpointProps, 'endpointName'>,
): EncryptionKey {
  return new EncryptionKey(scope, 'VolumeKey', {
    aliasName: `${endpointName}-endpoint-volumes`,
    description: `Disks of the endpoint ${endpointName}`,
    protection,
  });
}

/** An endpoint of SageMaker with its configuration, which is made anew when it changes, and its logs. */
export class Endpoint extends Construct {
  readonly resource: SagemakerEndpoint;
  readonly configuration: SagemakerEndpointConfiguration;
  readonly logGroup: EncryptedLogGroup;

  constructor(scope: Construct, id: string, props: EndpointProps) {
    super(scope, id);
    const { endpointName, model, variant, protection = true, logRetentionDays = 30 } = props;
    this.logGroup = new EncryptedLogGroup(this, 'Logs', {
      logGroupName: `/aws/sagemaker/Endpoints/${endpointName}`,
      keyAliasName: `${endpointName}-endpoint-logs`,
      retentionDays: logRetentionDays,
      protection,
    });
    this.configuration = new SagemakerEndpointConfiguration(this, 'Configuration', {
      namePrefix: `${endpointName}-`,
      kmsKeyArn: props.volumeKeyArn,
      productionVariants: [{ variantName: VARIANT_NAME, modelName: model.modelName, ...variant }],
      dataCaptureConfig: props.dataCapture,
      lifecycle: { createBeforeDestroy: true },
    });
    this.resource = new SagemakerEndpoint(this, 'Resource', {
      name: endpointName,
      endpointConfigName: this.configuration.name,
      deploymentConfig: props.deploymentConfig,
      // Else SageMaker makes a log group that is neither encrypted nor ever emptied, and starts before the server may read.
      dependsOn: [this.logGroup.resource, ...model.role.ready],
    });
  }

  /** May ask the model server, by SageMaker's `InvokeEndpoint`. */
  grantInvoke(grantee: IGrantee, name: string): void {
    grantee.addPolicy(name, [{ Effect: 'Allow', Action: 'sagemaker:InvokeEndpoint', Resource: this.resource.arn }]);
  }
}

import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { EncryptionKey } from '../encryption-key';
import type { IGrantee } from '../policy-document';
import { addVolumeKey, Endpoint, type EndpointChoices } from './endpoint';
import { SageMakerModel, type SageMakerModelProps } from './sagemaker-model';

/** Source: SageMaker API reference, `ProductionVariantServerlessConfig`. */
export const SERVERLESS_MEMORY_MEGABYTES = [1024, 2048, 3072, 4096, 5120, 6144] as const;
const MOST_CONCURRENCY = 200;

export interface ServerlessEndpointProps extends SageMakerModelProps, EndpointChoices {
  /**
   * Memory of each container, in MB; vCPUs come with it.
   * @default 2048
   */
  readonly memoryMegabytes?: (typeof SERVERLESS_MEMORY_MEGABYTES)[number];
  /**
   * Requests at a time, 1 to 200; what comes above is refused.
   * @default 10
   */
  readonly maxConcurrency?: number;
  /**
   * Requests at a time that containers are kept warm for, up to `maxConcurrency`. They cost whether or not anybody asks.
   * @default 0 - the first request after a quiet while waits for a container to start
   */
  readonly provisionedConcurrency?: number;
}

/**
 * The model server on SageMaker's serverless inference, paid by the millisecond of a request, asked by `InvokeEndpoint`.
 * SageMaker runs it in a network of its own: nothing of the VPC is reached, and a change is not taken back by alarms.
 */
export class ServerlessEndpoint extends Construct {
  readonly model: SageMakerModel;
  readonly endpoint: Endpoint;
  readonly volumeKey: EncryptionKey;
  readonly endpointName: string;

  constructor(scope: Construct, id: string, props: ServerlessEndpointProps) {
    super(scope, id);
    const { endpointName, memoryMegabytes = 2048, maxConcurrency = 10, provisionedConcurrency = 0 } = props;
    this.check('maxConcurrency', maxConcurrency, 1, MOST_CONCURRENCY);
    this.check('provisionedConcurrency', provisionedConcurrency, 0, maxConcurrency);
    this.endpointName = endpointName;
    this.model = new SageMakerModel(this, 'Model', props);
    this.volumeKey = addVolumeKey(this, props);
    this.endpoint = new Endpoint(this, 'Endpoint', {
      ...props,
      model: this.model,
      volumeKeyArn: this.volumeKey.keyArn,
      variant: {
        serverlessConfig: {
          memorySizeInMb: memoryMegabytes,
          maxConcurrency,
          ...(provisionedConcurrency > 0 && { provisionedConcurrency }),
        },
      },
    });
  }

  /** May ask the model server, by SageMaker's `InvokeEndpoint`. */
  grantInvoke(grantee: IGrantee): void {
    this.endpoint.grantInvoke(grantee, `${this.node.id}Invoke`);
  }

  private check(prop: string, value: number, least: number, most: number): void {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new ConfigError(`${prop} is ${value}; it must be a whole number from ${least} to ${most}.`, this);
  }
}

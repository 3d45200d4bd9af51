import { SagemakerModel } from '@cdktf/provider-aws/lib/sagemaker-model';
import { Fn, TerraformLocal } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError, type ServiceLevelObjective } from '../../../src';
import type { ReadableModelStore } from '../../contracts';
import { checkImageDigest } from '../../kubernetes/image-digest';
import { pullImage } from '../compute/image-repository';
import type { Network } from '../network/network';
import { Peer, Port } from '../network/peer';
import { SecurityGroup } from '../network/security-group';
import type { IGrantee, PolicyStatement } from '../policy-document';
import { ServiceRole } from '../service-role';
import { joinNetwork, writeLogs, writeMetrics } from './execution-statements';
import { servingEnvironment } from './serving-environment';

export interface SageMakerModelProps {
  /** Name of the endpoint it is for, which its own begins with: 2 to 40 lowercase letters, digits and hyphens. */
  readonly endpointName: string;
  /**
   * Image of the model server by digest, of one platform and with Docker's own manifest: SageMaker refuses OCI's, and
   * lists of platforms (https://github.com/aws/amazon-sagemaker-feedback/issues/180).
   */
  readonly image: string;
  /** Where model versions come from. The server may read it. */
  readonly modelStore: ReadableModelStore<IGrantee>;
  /**
   * The version of the model it serves, 64 hex digits, until another one is deployed.
   * @default - the channel's: each container swaps in place as soon as it moves
   */
  readonly modelVersion?: string;
  /** Sets the deadline after which a simpler answer is given. */
  readonly slo: ServiceLevelObjective;
  /**
   * More environment variables: the server's settings (`RECOMMENDER_…`). SageMaker shows them to whoever may describe the
   * model, so none may be secret. One that the construct sets itself is refused.
   * @default {}
   */
  readonly environment?: Readonly<Record<string, string>>;
}

/** In a network of one's own, which a serverless endpoint can't have. */
export interface SageMakerModelInNetworkProps extends SageMakerModelProps {
  readonly network: Network;
  /**
   * Where services of AWS are reached, on HTTPS: the model store.
   * @default [Peer.anywhere()] - through the NAT gateway; the services' addresses can't be listed
   */
  readonly awsServices?: readonly Peer[];
}

/**
 * A model as SageMaker has it: the model server's image, its settings, and what it acts as. What changes makes a new one
 * beside the old, named by what is in it, so that an endpoint goes from one to the other.
 */
export class SageMakerModel extends Construct implements IGrantee {
  readonly resource: SagemakerModel;
  readonly role: ServiceRole;
  readonly modelName: string;
  /** Absent in a network of AWS's own. */
  readonly securityGroup?: SecurityGroup;

  constructor(scope: Construct, id: string, props: SageMakerModelProps | SageMakerModelInNetworkProps) {
    super(scope, id);
    const { endpointName, image, modelStore } = props;
    if (!/^[a-z][a-z0-9-]{0,38}[a-z0-9]$/.test(endpointName)) {
      throw new ConfigError(
        `endpointName is ${endpointName}; it must be 2 to 40 lowercase letters, digits and hyphens, beginning with a letter.`,
        this,
      );
    }
    checkImageDigest(image, this);
    const environment = servingEnvironment(this, { ...props, modelStoreUrl: modelStore.modelStoreUrl });
    this.role = new ServiceRole(this, 'Role', {
      roleName: `${endpointName}-sagemaker`,
      description: `The model server of the endpoint ${endpointName}`,
      service: 'sagemaker.amazonaws.com',
    });
    modelStore.grants.read(this.role);
    this.role.addPolicy('LogsAndMetrics', [...writeLogs(this, `Endpoints/${endpointName}`), writeMetrics('Endpoints')]);
    this.addPolicyOf('PullImage', pullImage(this, image));
    const vpcConfig = 'network' in props ? this.join(props) : undefined;
    if (vpcConfig) this.securityGroup = vpcConfig.securityGroup;
    const contents = {
      executionRoleArn: this.role.roleArn,
      primaryContainer: { image, environment },
      ...(vpcConfig && { vpcConfig: vpcConfig.resource }),
    };
    // Worked out by Terraform, since the image may be a variable and the store's name is a reference; in a local value,
    // because cdktf warns of references two functions deep.
    const encoded = new TerraformLocal(this, 'Contents', Fn.jsonencode(contents));
    this.resource = new SagemakerModel(this, 'Resource', {
      ...contents,
      name: `${endpointName}-${Fn.substr(Fn.sha256(encoded.asString), 0, 8)}`,
      dependsOn: this.role.ready,
      lifecycle: { createBeforeDestroy: true },
    });
    this.modelName = this.resource.name;
  }

  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.role.addPolicy(name, statements);
  }

  private addPolicyOf(name: string, statements: readonly PolicyStatement[]): void {
    if (statements.length > 0) this.role.addPolicy(name, statements);
  }

  private join({ endpointName, network, awsServices = [Peer.anywhere()] }: SageMakerModelInNetworkProps) {
    this.role.addPolicy('Network', joinNetwork(network));
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      network,
      groupName: `${endpointName}-endpoint`,
      description: 'The model server on SageMaker',
    });
    const reason = 'Model versions are with services of AWS';
    for (const services of awsServices) securityGroup.connections.allowTo(services, Port.tcp(443), reason);
    return {
      securityGroup,
      resource: {
        securityGroupIds: [securityGroup.resource.id],
        subnets: network.privateSubnets.map((subnet) => subnet.id),
      },
    };
  }
}

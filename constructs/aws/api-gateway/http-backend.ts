import type { Apigatewayv2IntegrationConfig } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2VpcLink } from '@cdktf/provider-aws/lib/apigatewayv2-vpc-link';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { Construct } from 'constructs';
import type { IConnectable } from '../network/connections';
import type { Network } from '../network/network';
import { Port } from '../network/peer';
import { SecurityGroup } from '../network/security-group';

/** The API that asks. */
export interface HttpCaller {
  readonly apiName: string;
  /** ARN of whatever of the API calls: all stages, methods and paths of this one API. */
  readonly executionArn: string;
}

/** How API Gateway reaches a backend. */
export type HttpIntegration = Pick<
  Apigatewayv2IntegrationConfig,
  | 'integrationType'
  | 'integrationUri'
  | 'integrationMethod'
  | 'payloadFormatVersion'
  | 'connectionType'
  | 'connectionId'
  | 'tlsConfig'
>;

/** What answers the requests of an API: whoever implements it lets the API call it, and says how. */
export interface IHttpBackend {
  /** @param scope where what the integration needs is made; of one API at most once */
  bind(scope: Construct, caller: HttpCaller): HttpIntegration;
}

export interface LambdaBackendProps {
  readonly functionName: string;
  /** ARN to invoke: the function's, its version's or its alias'. */
  readonly functionArn: string;
  /**
   * Alias or version that `functionArn` names.
   * @default - the newest code
   */
  readonly qualifier?: string;
}

/** A function that answers events of format 2.0. */
export class LambdaBackend implements IHttpBackend {
  constructor(private readonly props: LambdaBackendProps) {}

  bind(scope: Construct, { executionArn }: HttpCaller): HttpIntegration {
    const { functionName, functionArn, qualifier } = this.props;
    new LambdaPermission(scope, 'Invoke', {
      functionName,
      qualifier,
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      sourceArn: executionArn,
    });
    return {
      integrationType: 'AWS_PROXY',
      integrationUri: functionArn,
      integrationMethod: 'POST',
      payloadFormatVersion: '2.0',
    };
  }
}

export interface PrivateBackendProps {
  readonly network: Network;
  /** ARN of an HTTPS listener of an internal load balancer, or of a service of Cloud Map. */
  readonly listenerArn: string;
  /** Name that the certificate of the listener is for. */
  readonly serverName: string;
  /** What is behind the load balancer's security group. */
  readonly loadBalancer: IConnectable;
}

/** Servers of a VPC that have no public address, over TLS. */
export class PrivateBackend implements IHttpBackend {
  constructor(private readonly props: PrivateBackendProps) {}

  bind(scope: Construct, { apiName }: HttpCaller): HttpIntegration {
    const { network, listenerArn, serverName, loadBalancer } = this.props;
    const group = new SecurityGroup(scope, 'VpcLinkGroup', {
      network,
      groupName: `${apiName}-vpc-link`,
      description: 'API Gateway in the VPC',
    });
    loadBalancer.connections.allowFrom(group, Port.tcp(443), 'API Gateway hands on the requests that it lets through');
    const link = new Apigatewayv2VpcLink(scope, 'VpcLink', {
      name: apiName,
      subnetIds: network.privateSubnets.map(({ id }) => id),
      securityGroupIds: [group.connections.securityGroupId],
    });
    return {
      integrationType: 'HTTP_PROXY',
      integrationUri: listenerArn,
      integrationMethod: 'ANY',
      payloadFormatVersion: '1.0',
      connectionType: 'VPC_LINK',
      connectionId: link.id,
      tlsConfig: { serverNameToVerify: serverName },
    };
  }
}

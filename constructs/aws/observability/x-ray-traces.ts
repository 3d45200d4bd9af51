import { Construct } from 'constructs';
import type { ITraceDestination } from '../../contracts';
import { AwsAccount } from '../aws-account';
import type { PodIdentity } from '../pod-identity';

export interface XRayTracesProps {
  /** Who sends traces; may do so from now on. */
  readonly identity: PodIdentity;
}

/**
 * X-Ray's endpoint for OTLP, for `destination` of `Tracing`. It takes spans once the account keeps them in CloudWatch
 * (Transaction Search), which is switched on once by hand: the provider has no resource for it.
 */
export class XRayTraces extends Construct implements ITraceDestination {
  readonly tracesUrl: string;
  readonly authenticator: ITraceDestination['authenticator'];
  readonly identity: PodIdentity;

  constructor(scope: Construct, id: string, { identity }: XRayTracesProps) {
    super(scope, id);
    const { region } = AwsAccount.of(this);
    this.identity = identity;
    this.tracesUrl = `https://xray.${region}.amazonaws.com/v1/traces`;
    this.authenticator = { type: 'sigv4auth', settings: { region, service: 'xray' } };
    identity.addPolicy('SendTraces', [
      // None of X-Ray's actions that write takes a resource. AWS' documentation names the first for the endpoint by its
      // managed policy, its service authorization reference the second.
      { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutSpans'], Resource: '*' },
    ]);
  }
}

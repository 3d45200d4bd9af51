import type { CloudfrontDistributionOrigin } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { CloudfrontVpcOrigin } from '@cdktf/provider-aws/lib/cloudfront-vpc-origin';
import { DataAwsEc2ManagedPrefixList } from '@cdktf/provider-aws/lib/data-aws-ec2-managed-prefix-list';
import type { Construct } from 'constructs';
import { Peer } from '../network/peer';

/** Seconds and tries: an answer of the model takes a tenth of a second, so whatever takes this long does not come. */
const PATIENCE = { connectionAttempts: 2, connectionTimeout: 3, readTimeout: 10, keepaliveTimeout: 60 };

export interface VpcOriginProps {
  /** ARN of an internal load balancer of the account. */
  readonly loadBalancerArn: string;
  /** Name that the load balancer's certificate is for; CloudFront asks for it in TLS. */
  readonly domainName: string;
}

export interface HttpsOriginProps {
  /** Name of the server, which its certificate is for. */
  readonly domainName: string;
}

/**
 * What a distribution asks where it has no answer itself, over TLS 1.2 only.
 *
 * No secret header tells the origin that CloudFront asks: a header's value is in the distribution's configuration, and so
 * in Terraform's state, and in whatever reads either. A VPC origin needs none, because nobody else can reach the load
 * balancer; a public one is kept to CloudFront's addresses by `cloudFrontPeer`.
 */
export class EdgeOrigin {
  /** An internal load balancer, which has no public address: CloudFront reaches it through a network interface in its VPC. */
  static vpc(props: VpcOriginProps): EdgeOrigin {
    return new EdgeOrigin((scope, originId) => {
      const origin = new CloudfrontVpcOrigin(scope, 'VpcOrigin', {
        vpcOriginEndpointConfig: [
          {
            name: originId,
            arn: props.loadBalancerArn,
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: 'https-only',
            originSslProtocols: [{ items: ['TLSv1.2'], quantity: 1 }],
          },
        ],
      });
      return {
        domainName: props.domainName,
        vpcOriginConfig: {
          vpcOriginId: origin.id,
          originReadTimeout: PATIENCE.readTimeout,
          originKeepaliveTimeout: PATIENCE.keepaliveTimeout,
        },
      };
    });
  }

  /** A server with a public address and a certificate of its own. */
  static https(props: HttpsOriginProps): EdgeOrigin {
    return new EdgeOrigin(() => ({
      domainName: props.domainName,
      customOriginConfig: {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: 'https-only',
        originSslProtocols: ['TLSv1.2'],
        originReadTimeout: PATIENCE.readTimeout,
        originKeepaliveTimeout: PATIENCE.keepaliveTimeout,
      },
    }));
  }

  private constructor(
    private readonly block: (
      scope: Construct,
      originId: string,
    ) => Omit<CloudfrontDistributionOrigin, 'originId' | 'connectionAttempts' | 'connectionTimeout'>,
  ) {}

  /** As a distribution has it; what it needs is made in `scope`. */
  bind(scope: Construct, originId: string): CloudfrontDistributionOrigin {
    const { connectionAttempts, connectionTimeout } = PATIENCE;
    return { originId, connectionAttempts, connectionTimeout, ...this.block(scope, originId) };
  }
}

/**
 * CloudFront's own addresses, for the rule of a security group: `allowFrom(cloudFrontPeer(stack), Port.tcp(443), …)`.
 * Other distributions have the same addresses, so that it keeps out whoever goes past CloudFront, not past this one.
 * Counts as 55 rules of the group's quota.
 */
export function cloudFrontPeer(scope: Construct): Peer {
  const list = new DataAwsEc2ManagedPrefixList(scope, 'CloudFrontAddresses', {
    name: 'com.amazonaws.global.cloudfront.origin-facing',
  });
  return Peer.prefixList('CloudFront', list.id);
}

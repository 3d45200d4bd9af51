import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { KEEP_ALIVE_SECONDS } from '../../../src/model-server/serving';
import type { Connections, IConnectable } from '../network/connections';
import type { Network } from '../network/network';
import { type Peer, Port } from '../network/peer';
import { SecurityGroup } from '../network/security-group';
import { TargetGroups, type TargetType } from './target-groups';

/** What there is to choose of a load balancer that a service makes for itself. */
export interface LoadBalancerChoices {
  /** ARN of a certificate in ACM, in the stack's region. */
  readonly certificateArn: string;
  /** Name that callers use: the certificate is for it, and a record of its zone leads to the load balancer. */
  readonly domainName: string;
  /**
   * Where it has addresses: on the internet, or in the private subnets of the network only. Either way nobody may
   * call until `allowCallsFrom` says so.
   * @default 'network'
   */
  readonly reach?: 'internet' | 'network';
  /**
   * ARN of a regional web ACL of WAF that looks at requests first.
   * @default - none
   */
  readonly webAclArn?: string;
  /**
   * Bucket that takes the access logs, in the stack's region; its policy lets
   * `logdelivery.elasticloadbalancing.amazonaws.com` put objects, and it is encrypted by S3's own key: the service
   * takes no other.
   * @default - none
   */
  readonly accessLogs?: { readonly bucketName: string; readonly prefix?: string };
}

export interface ApplicationLoadBalancerProps extends LoadBalancerChoices {
  /** Name of the load balancer and prefix of its parts': 2 to 24 lowercase letters, digits and hyphens. */
  readonly loadBalancerName: string;
  readonly network: Network;
  readonly targetType: TargetType;
  /**
   * Seconds that a server has to say that it is well.
   * @default 2
   */
  readonly healthTimeoutSeconds?: number;
  /**
   * Refuses a destroy, the service itself as well.
   * @default true
   */
  readonly protection?: boolean;
}

/** Where a new version is tried before callers get to it. */
const TEST_PORT = 8443;

/** TLS 1.3, and 1.2 with forward secrecy for who can't speak it yet. Source: ELB user guide, "Security policies". */
const SSL_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';

/**
 * A load balancer that speaks TLS with callers and forwards to one of two groups of model servers. Who shifts requests
 * between these owns the listeners' weights; Terraform leaves them alone.
 */
export class ApplicationLoadBalancer extends Construct implements IConnectable {
  readonly resource: Lb;
  readonly securityGroup: SecurityGroup;
  readonly targetGroups: TargetGroups;
  readonly listener: LbListener;
  /** On port 8443: to the green group. */
  readonly testListener: LbListener;
  /** On port 80: answers with the address on HTTPS. */
  readonly redirect: LbListener;
  /** Who may call: nobody until `allowCallsFrom` says so. */
  readonly connections: Connections;
  readonly url: string;

  constructor(scope: Construct, id: string, props: ApplicationLoadBalancerProps) {
    super(scope, id);
    const { loadBalancerName: name, network, targetType, healthTimeoutSeconds = 2 } = props;
    if (!/^[a-z][a-z0-9-]{0,22}[a-z0-9]$/.test(name)) {
      throw new ConfigError(
        `loadBalancerName is ${name}; it must be 2 to 24 lowercase letters, digits and hyphens, beginning with a letter.`,
        this,
      );
    }
    this.url = `https://${props.domainName}`;
    const description = `The load balancer of ${name}`;
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      network,
      groupName: `${name}-load-balancer`,
      description,
    });
    this.connections = this.securityGroup.connections;
    this.resource = this.addLoadBalancer(props);
    this.targetGroups = new TargetGroups(this, 'Targets', { name, network, targetType, healthTimeoutSeconds });
    const { blue, green } = this.targetGroups;
    this.listener = this.addListener('Listener', 443, props, [blue.arn, green.arn]);
    this.testListener = this.addListener('TestListener', TEST_PORT, props, [green.arn, blue.arn]);
    this.redirect = this.addRedirect();
    if (props.webAclArn) this.addWebAcl(props.webAclArn);
  }

  /** Forwards requests to `servers` on `port`, and lets nothing else of it reach them. */
  forwardsTo(servers: IConnectable, port: number): void {
    this.connections.allowTo(servers, Port.tcp(port), 'The load balancer forwards requests and asks for health');
  }

  /** Lets `from` call, on HTTPS. */
  allowCallsFrom(from: IConnectable | Peer, reason: string): void {
    this.connections.allowFrom(from, Port.tcp(443), reason);
  }

  /**
   * Lets `from` be told on HTTP, port 80, that it is HTTPS: people who type the address. A program that called there
   * would have sent its credentials in the clear before it is told.
   */
  allowRedirectsFrom(from: IConnectable | Peer, reason: string): void {
    this.connections.allowFrom(from, Port.tcp(80), reason);
  }

  /** Lets `from` try a new version before callers get to it, on port 8443. */
  allowTrialsFrom(from: IConnectable | Peer, reason: string): void {
    this.connections.allowFrom(from, Port.tcp(TEST_PORT), reason);
  }

  private addLoadBalancer(props: ApplicationLoadBalancerProps): Lb {
    const { loadBalancerName, network, reach = 'network', accessLogs, protection = true } = props;
    const internal = reach === 'network';
    return new Lb(this, 'Resource', {
      name: loadBalancerName,
      loadBalancerType: 'application',
      internal,
      subnets: (internal ? network.privateSubnets : network.publicSubnets).map(({ id }) => id),
      securityGroups: [this.securityGroup.resource.id],
      dropInvalidHeaderFields: true,
      // Below the server's own: whoever closes first must not be the one that has just been sent a request.
      idleTimeout: KEEP_ALIVE_SECONDS - 5,
      enableDeletionProtection: protection,
      ...(accessLogs && { accessLogs: { bucket: accessLogs.bucketName, prefix: accessLogs.prefix, enabled: true } }),
      lifecycle: { preventDestroy: protection },
    });
  }

  private addListener(
    id: string,
    port: number,
    { certificateArn }: ApplicationLoadBalancerProps,
    [all, none]: [string, string],
  ): LbListener {
    return new LbListener(this, id, {
      loadBalancerArn: this.resource.arn,
      port,
      protocol: 'HTTPS',
      sslPolicy: SSL_POLICY,
      certificateArn,
      defaultAction: [
        {
          type: 'forward',
          forward: {
            targetGroup: [
              { arn: all, weight: 100 },
              { arn: none, weight: 0 },
            ],
            stickiness: { enabled: false, duration: 1 },
          },
        },
      ],
      lifecycle: { ignoreChanges: ['default_action'] },
    });
  }

  private addRedirect(): LbListener {
    return new LbListener(this, 'Redirect', {
      loadBalancerArn: this.resource.arn,
      port: 80,
      protocol: 'HTTP',
      defaultAction: [{ type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } }],
    });
  }

  private addWebAcl(webAclArn: string): void {
    new Wafv2WebAclAssociation(this, 'WebAcl', { resourceArn: this.resource.arn, webAclArn });
  }
}

import { Wafv2IpSet } from '@cdktf/provider-aws/lib/wafv2-ip-set';
import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { type CapacityPlan, ConfigError } from '../../../src';
import { EncryptedLogGroup } from '../encrypted-log-group';
import { inUsEast1 } from '../us-east-1';
import { requestsPerAddress, visibility, webAclRules } from './web-acl-rules';

export interface WebAclProps {
  /** Letters, digits and hyphens. */
  readonly aclName: string;
  /** What it stands in front of: a CloudFront distribution, or a load balancer or API of the stack's region. */
  readonly placement: 'edge' | 'region';
  /** Says how often a person asks, and so how much of one address is too much. */
  readonly capacity: CapacityPlan;
  /**
   * People who share one address at the same time: a household, an office, a carrier's gateway.
   * @default 100
   */
  readonly peoplePerAddress?: number;
  /**
   * IPv4 ranges of the shop's own servers, which ask for all customers: the rate is not counted for them.
   * @default []
   */
  readonly backendCidrs?: readonly string[];
  /**
   * Also asks AWS which callers are bots, for $10 a month and $1 a million requests.
   * @default false
   */
  readonly botControl?: boolean;
  /**
   * Refuses callers behind Tor, VPNs and hosting providers, too, the shop's own servers among them if they are at one.
   * @default false
   */
  readonly refuseAnonymous?: boolean;
  /**
   * Days that blocked requests are kept.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * Refuses a destroy of the log group and its key.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * AWS provider of us-east-1, for `placement: 'edge'`.
   * @default - the stack's own, which must then be of us-east-1
   */
  readonly usEast1?: TerraformProvider;
}

/** Headers that authenticate; none of them is in a log. */
const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'cookie'];

/** Whose requests are refused before they cost anything: known attackers and attacks, and more of one address than people send. */
export class WebAcl extends Construct {
  readonly resource: Wafv2WebAcl;
  readonly logGroup: EncryptedLogGroup;
  readonly placement: 'edge' | 'region';
  readonly webAclArn: string;
  /** Of one address in five minutes; more are answered with 429. */
  readonly requestsPerAddress: number;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { aclName, placement, capacity, peoplePerAddress = 100, backendCidrs = [] } = props;
    this.check(props);
    this.placement = placement;
    this.requestsPerAddress = requestsPerAddress(capacity, peoplePerAddress);
    const provider = placement === 'edge' ? inUsEast1(this, props.usEast1) : undefined;
    const where = { scope: placement === 'edge' ? 'CLOUDFRONT' : 'REGIONAL', provider };
    const backends = backendCidrs.length > 0 && this.addBackends(aclName, backendCidrs, where);
    this.resource = new Wafv2WebAcl(this, 'Resource', {
      name: aclName,
      ...where,
      defaultAction: { allow: {} },
      rule: webAclRules({
        aclName,
        botControl: props.botControl ?? false,
        refuseAnonymous: props.refuseAnonymous ?? false,
        requestsPerAddress: this.requestsPerAddress,
        ...(backends && { backendSetArn: backends.arn }),
      }),
      visibilityConfig: visibility(aclName),
    });
    this.webAclArn = this.resource.arn;
    this.logGroup = this.addLogs(props, provider);
  }

  /** Puts it in front of a load balancer or a stage of an API. A distribution takes its `webAcl` itself. */
  protect(scope: Construct, id: string, resourceArn: string): Wafv2WebAclAssociation {
    if (this.placement === 'edge') {
      throw new ConfigError(
        "a web ACL with placement 'edge' protects CloudFront distributions, which take it as webAcl; use one with placement 'region'.",
        this,
      );
    }
    return new Wafv2WebAclAssociation(scope, id, { resourceArn, webAclArn: this.webAclArn });
  }

  private addBackends(
    aclName: string,
    cidrs: readonly string[],
    where: { scope: string; provider?: TerraformProvider },
  ) {
    return new Wafv2IpSet(this, 'Backends', {
      name: `${aclName}-backends`,
      description: 'Servers of the shop itself',
      ipAddressVersion: 'IPV4',
      addresses: [...cidrs],
      ...where,
    });
  }

  /** What was let through is in the access logs; here it would cost as much again. */
  private addLogs(props: WebAclProps, provider: TerraformProvider | undefined): EncryptedLogGroup {
    const logGroup = new EncryptedLogGroup(this, 'LogGroup', {
      // WAF writes to log groups whose names begin so, and to no others.
      logGroupName: `aws-waf-logs-${props.aclName}`,
      keyAliasName: `${props.aclName}-waf-logs`,
      retentionDays: props.logRetentionDays ?? 30,
      protection: props.protection ?? true,
      ...(props.placement === 'edge' && { usEast1: { provider } }),
    });
    new Wafv2WebAclLoggingConfiguration(this, 'Logging', {
      resourceArn: this.webAclArn,
      logDestinationConfigs: [logGroup.resource.arn],
      redactedFields: CREDENTIAL_HEADERS.map((name) => ({ singleHeader: { name } })),
      loggingFilter: {
        defaultBehavior: 'DROP',
        filter: [
          {
            behavior: 'KEEP',
            requirement: 'MEETS_ANY',
            condition: ['BLOCK', 'COUNT'].map((action) => ({ actionCondition: { action } })),
          },
        ],
      },
      provider,
    });
    return logGroup;
  }

  private check({ aclName, peoplePerAddress = 100 }: WebAclProps): void {
    if (!/^[A-Za-z0-9-]{1,100}$/.test(aclName)) {
      throw new ConfigError(`aclName is ${aclName}; it must be 1 to 100 letters, digits and hyphens.`, this);
    }
    if (!(Number.isInteger(peoplePerAddress) && peoplePerAddress >= 1)) {
      throw new ConfigError(
        `peoplePerAddress is ${peoplePerAddress}; it must be a whole number of people from 1.`,
        this,
      );
    }
  }
}

import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import type { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { type EndpointService, NODE_ENDPOINT_SERVICES } from './endpoint-services';
import { FlowLogs } from './flow-logs';
import { InterfaceEndpoints } from './interface-endpoints';
import { addIsolatedSubnets, addPrivateSubnets, addPublicSubnets } from './subnets';

export interface NetworkProps {
  /** Name of the VPC, and prefix of the names in it. */
  readonly networkName: string;
  /** Address range of the VPC, a /16 such as `10.66.0.0/16`. */
  readonly cidr: string;
  /**
   * Availability zones, 2 to 4. Two keep the service up when one zone fails, and let two nodes cover every zone that
   * has volumes; each zone more wants a node more (t4g.large: $49 a month).
   * @default 2
   */
  readonly zones?: number;
  /**
   * How private subnets reach the internet. By `one` NAT gateway for all zones ($33 a month): when its zone fails, the
   * other zones serve on but reach nothing outside. By one `per-zone`. Or not at all, by `none`: AWS alone is reached, by
   * `interfaceEndpoints`, and every image has to come from ECR.
   * @default 'one'
   */
  readonly nat?: NatGateways;
  /**
   * Services of AWS that the VPC reaches at addresses of its own, each $7.30 a month and zone. Without NAT gateways
   * those of `NODE_ENDPOINT_SERVICES` are needed.
   * @default []
   */
  readonly interfaceEndpoints?: readonly EndpointService[];
  /**
   * Days that flow logs of rejected connections are kept.
   * @default 30
   */
  readonly flowLogRetentionDays?: number;
  /**
   * Encrypts the flow logs with a key of the network's own, $1 a month, instead of CloudWatch's.
   * @default false
   */
  readonly flowLogKey?: boolean;
  /**
   * Refuses a destroy of that key.
   * @default true
   */
  readonly protection?: boolean;
}

/** NAT gateways of a network. */
export type NatGateways = 'one' | 'per-zone' | 'none';

/** Zones that take no EKS control plane. Source: EKS user guide, "View Amazon EKS networking requirements". */
const ZONES_WITHOUT_EKS = ['use1-az3', 'usw1-az2', 'cac1-az3'];

/** A VPC with a public, a private and an isolated subnet in each zone; only load balancers and NAT gateways are public. */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly publicSubnets: Subnet[];
  readonly privateSubnets: Subnet[];
  /** One in each zone, for databases and caches: nothing in them reaches the internet, nor is reached from it. */
  readonly isolatedSubnets: Subnet[];
  readonly privateRouteTables: RouteTable[];
  readonly natGateways: NatGateway[];
  /** What nodes need to reach AWS: routes through NAT gateways, the subnets' part in them, and endpoints. */
  readonly egress: ITerraformDependable[];
  readonly s3Endpoint: VpcEndpoint;
  readonly dynamoDbEndpoint: VpcEndpoint;
  /** Absent without services. */
  readonly interfaceEndpoints?: InterfaceEndpoints;
  readonly flowLogs: FlowLogs;
  private readonly name: string;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const zones = props.zones ?? 2;
    this.check(props, zones);
    this.name = props.networkName;
    const zoneNames = this.findZones(zones);
    this.vpc = this.addVpc(props.cidr);
    const plan = { networkName: this.name, cidr: props.cidr, vpc: this.vpc, zoneNames };
    this.publicSubnets = addPublicSubnets(this, plan);
    this.natGateways = this.addNatGateways(props.nat ?? 'one');
    const { subnets, routeTables, egress } = addPrivateSubnets(this, plan, this.natGateways);
    this.privateSubnets = subnets;
    this.privateRouteTables = routeTables;
    this.egress = egress;
    this.isolatedSubnets = addIsolatedSubnets(this, plan);
    // Models and images' layers come from S3: by this endpoint they cost nothing at the NAT gateway.
    this.s3Endpoint = this.addGatewayEndpoint('S3Endpoint', 's3');
    this.dynamoDbEndpoint = this.addGatewayEndpoint('DynamoDbEndpoint', 'dynamodb');
    this.interfaceEndpoints = this.addInterfaceEndpoints(props);
    this.flowLogs = new FlowLogs(this, 'FlowLogs', {
      networkName: this.name,
      vpc: this.vpc,
      retentionDays: props.flowLogRetentionDays ?? 30,
      ...(props.flowLogKey && { key: { protection: props.protection ?? true } }),
    });
  }

  private check({ cidr, nat, interfaceEndpoints = [] }: NetworkProps, zones: number): void {
    if (!/^\d{1,3}\.\d{1,3}\.0\.0\/16$/.test(cidr)) {
      throw new ConfigError(
        `cidr is ${cidr}; it must be a /16 such as 10.66.0.0/16, which the subnets are cut from.`,
        this,
      );
    }
    if (!(Number.isInteger(zones) && zones >= 2 && zones <= 4)) {
      throw new ConfigError(`zones is ${zones}; allowed are 2, 3 and 4. EKS itself needs two.`, this);
    }
    const twice = interfaceEndpoints.find((service, index) => interfaceEndpoints.indexOf(service) !== index);
    if (twice) throw new ConfigError(`interfaceEndpoints has ${twice} twice; leave one out.`, this);
    const missing = NODE_ENDPOINT_SERVICES.filter((service) => !interfaceEndpoints.includes(service));
    if (nat === 'none' && missing.length > 0) {
      throw new ConfigError(
        `nat is none, so nodes reach AWS by interfaceEndpoints only, which lack ${missing.join(', ')}; add them, or choose nat one or per-zone.`,
        this,
      );
    }
  }

  /** Asked of AWS, because which letters an account has, and which zone a letter means, differs by account. */
  private findZones(count: number): string[] {
    const available = new DataAwsAvailabilityZones(this, 'Zones', {
      state: 'available',
      excludeZoneIds: ZONES_WITHOUT_EKS,
      filter: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
    });
    return Array.from({ length: count }, (_, index) => Fn.element(available.names, index));
  }

  private addVpc(cidrBlock: string): Vpc {
    const vpc = new Vpc(this, 'Resource', {
      cidrBlock,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: this.name },
    });
    // Without rules, whatever is started without a security group of its own can talk to nobody.
    const closed = new DefaultSecurityGroup(this, 'DefaultSecurityGroup', {
      vpcId: vpc.id,
      // Named as empty: what is left out is not compared, and a rule added by hand would stay unseen.
      ingress: [],
      egress: [],
      tags: { Name: `${this.name}-default-closed` },
    });
    // Said outright, or a rule that somebody adds by hand would stay: the provider takes what isn't said as it finds it,
    // and an empty list of the binding's is not written.
    closed.addOverride('ingress', []);
    closed.addOverride('egress', []);
    return vpc;
  }

  private addNatGateways(nat: NatGateways): NatGateway[] {
    const count = { none: 0, one: 1, 'per-zone': this.publicSubnets.length }[nat];
    return this.publicSubnets.slice(0, count).map((publicSubnet, index) => {
      const tags = { Name: `${this.name}-nat-${index + 1}` };
      const scope = new Construct(this, `Nat${index + 1}`);
      const address = new Eip(scope, 'Address', { domain: 'vpc', tags });
      return new NatGateway(scope, 'Resource', { allocationId: address.id, subnetId: publicSubnet.id, tags });
    });
  }

  /** Free, and past the NAT gateways. */
  private addGatewayEndpoint(id: string, service: 's3' | 'dynamodb'): VpcEndpoint {
    return new VpcEndpoint(this, id, {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${AwsAccount.of(this).region}.${service}`,
      vpcEndpointType: 'Gateway',
      routeTableIds: this.privateRouteTables.map((table) => table.id),
      tags: { Name: `${this.name}-${service}` },
    });
  }

  private addInterfaceEndpoints({ cidr, interfaceEndpoints: services = [] }: NetworkProps) {
    if (services.length === 0) return undefined;
    const { name: networkName, privateSubnets: subnets } = this;
    const props = { networkName, cidr, network: this, subnets, services };
    const added = new InterfaceEndpoints(this, 'InterfaceEndpoints', props);
    this.egress.push(...added.endpoints.values());
    return added;
  }
}

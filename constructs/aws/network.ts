import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError, subnet } from '../../src';
import { AwsAccount } from './aws-account';
import { FlowLogs } from './flow-logs';

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
   * One NAT gateway for all zones ($33 a month) instead of one for each. When its zone fails, the other zones serve
   * on but reach nothing outside.
   * @default true
   */
  readonly singleNatGateway?: boolean;
  /**
   * Days that flow logs of rejected connections are kept.
   * @default 30
   */
  readonly flowLogRetentionDays?: number;
}

/** Zones that take no EKS control plane. Source: EKS user guide, "View Amazon EKS networking requirements". */
const ZONES_WITHOUT_EKS = ['use1-az3', 'usw1-az2', 'cac1-az3'];

/** A VPC with a public and a private subnet in each zone; only load balancers and NAT gateways are public. */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly publicSubnets: Subnet[];
  readonly privateSubnets: Subnet[];
  readonly privateRouteTables: RouteTable[] = [];
  readonly natGateways: NatGateway[];
  /** What nodes need to reach the internet: the routes through the NAT gateways, and the subnets' part in them. */
  readonly egress: ITerraformDependable[] = [];
  readonly s3Endpoint: VpcEndpoint;
  readonly flowLogs: FlowLogs;
  private readonly name: string;
  private readonly zoneNames: string[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const zones = props.zones ?? 2;
    this.check(props.cidr, zones);
    this.name = props.networkName;
    this.zoneNames = this.findZones(zones);
    this.vpc = this.addVpc(props.cidr);
    this.publicSubnets = this.addPublicSubnets(props.cidr);
    this.natGateways = this.addNatGateways(props.singleNatGateway ?? true);
    this.privateSubnets = this.addPrivateSubnets(props.cidr);
    this.s3Endpoint = this.addS3Endpoint();
    this.flowLogs = new FlowLogs(this, 'FlowLogs', {
      networkName: this.name,
      vpc: this.vpc,
      retentionDays: props.flowLogRetentionDays ?? 30,
    });
  }

  private check(cidr: string, zones: number): void {
    if (!/^\d{1,3}\.\d{1,3}\.0\.0\/16$/.test(cidr)) {
      throw new ConfigError(
        `cidr is ${cidr}; it must be a /16 such as 10.66.0.0/16, which the subnets are cut from.`,
        this,
      );
    }
    if (!(Number.isInteger(zones) && zones >= 2 && zones <= 4)) {
      throw new ConfigError(`zones is ${zones}; allowed are 2, 3 and 4. EKS itself needs two.`, this);
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
    new DefaultSecurityGroup(this, 'DefaultSecurityGroup', {
      vpcId: vpc.id,
      tags: { Name: `${this.name}-default-closed` },
    });
    return vpc;
  }

  private addPublicSubnets(cidr: string): Subnet[] {
    const gateway = new InternetGateway(this, 'InternetGateway', { vpcId: this.vpc.id, tags: { Name: this.name } });
    const table = new RouteTable(this, 'PublicRoutes', {
      vpcId: this.vpc.id,
      tags: { Name: `${this.name}-public` },
    });
    new Route(this, 'PublicDefaultRoute', {
      routeTableId: table.id,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.id,
    });
    return this.zoneNames.map((zone, index) => {
      // Load balancers and NAT gateways need few addresses: /24s from x.y.240.0 up.
      const scope = new Construct(this, `Public${index + 1}`);
      const added = this.addSubnet(scope, zone, subnet(cidr, 8, 240 + index), {
        Name: `${this.name}-public-${index + 1}`,
        'kubernetes.io/role/elb': '1',
      });
      this.associate(scope, added, table);
      return added;
    });
  }

  private addNatGateways(single: boolean): NatGateway[] {
    return this.publicSubnets.slice(0, single ? 1 : undefined).map((publicSubnet, index) => {
      const tags = { Name: `${this.name}-nat-${index + 1}` };
      const scope = new Construct(this, `Nat${index + 1}`);
      const address = new Eip(scope, 'Address', { domain: 'vpc', tags });
      return new NatGateway(scope, 'Resource', { allocationId: address.id, subnetId: publicSubnet.id, tags });
    });
  }

  private addPrivateSubnets(cidr: string): Subnet[] {
    return this.zoneNames.map((zone, index) => {
      const scope = new Construct(this, `Private${index + 1}`);
      const name = `${this.name}-private-${index + 1}`;
      const table = new RouteTable(scope, 'Routes', { vpcId: this.vpc.id, tags: { Name: name } });
      this.privateRouteTables.push(table);
      const route = new Route(scope, 'DefaultRoute', {
        routeTableId: table.id,
        destinationCidrBlock: '0.0.0.0/0',
        natGatewayId: (this.natGateways[index] ?? this.natGateways[0])?.id,
      });
      // Pods take their addresses from here: /20s, 4,091 addresses each, from x.y.0.0 up.
      const added = this.addSubnet(scope, zone, subnet(cidr, 4, index), {
        Name: name,
        'kubernetes.io/role/internal-elb': '1',
      });
      this.egress.push(route, this.associate(scope, added, table));
      return added;
    });
  }

  private addSubnet(
    scope: Construct,
    availabilityZone: string,
    cidrBlock: string,
    tags: Record<string, string>,
  ): Subnet {
    return new Subnet(scope, 'Resource', {
      vpcId: this.vpc.id,
      cidrBlock,
      availabilityZone,
      mapPublicIpOnLaunch: false,
      tags,
      // A zone that AWS adds or closes shifts the list; a subnet must not be replaced for that.
      lifecycle: { ignoreChanges: ['availability_zone'] },
    });
  }

  private associate(scope: Construct, { id }: Subnet, table: RouteTable): RouteTableAssociation {
    return new RouteTableAssociation(scope, 'RouteTableAssociation', { subnetId: id, routeTableId: table.id });
  }

  /** Models and images' layers come from S3: by this endpoint they cost nothing at the NAT gateway. */
  private addS3Endpoint(): VpcEndpoint {
    return new VpcEndpoint(this, 'S3Endpoint', {
      vpcId: this.vpc.id,
      serviceName: `com.amazonaws.${AwsAccount.of(this).region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: this.privateRouteTables.map((table) => table.id),
      tags: { Name: `${this.name}-s3` },
    });
  }
}

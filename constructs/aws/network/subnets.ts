import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import type { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { Vpc } from '@cdktf/provider-aws/lib/vpc';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { tierSubnet } from '../../../src';

/** What the subnets of a network are cut from, one of a tier in each zone. */
export interface SubnetPlan {
  readonly networkName: string;
  readonly cidr: string;
  readonly vpc: Vpc;
  readonly zoneNames: readonly string[];
}

export interface PrivateSubnets {
  readonly subnets: Subnet[];
  readonly routeTables: RouteTable[];
  /** What reaches the NAT gateways: routes, and the subnets' part in them. */
  readonly egress: ITerraformDependable[];
}

/** Adds those of load balancers and NAT gateways, which the internet reaches. */
export function addPublicSubnets(scope: Construct, plan: SubnetPlan): Subnet[] {
  const { networkName, vpc } = plan;
  const gateway = new InternetGateway(scope, 'InternetGateway', { vpcId: vpc.id, tags: { Name: networkName } });
  const table = addRouteTable(scope, 'PublicRoutes', plan, `${networkName}-public`);
  new Route(scope, 'PublicDefaultRoute', {
    routeTableId: table.id,
    destinationCidrBlock: '0.0.0.0/0',
    gatewayId: gateway.id,
  });
  return plan.zoneNames.map((_, index) => {
    const zone = new Construct(scope, `Public${index + 1}`);
    const subnet = addSubnet(zone, plan, 'public', index, { 'kubernetes.io/role/elb': '1' });
    associate(zone, subnet, table);
    return subnet;
  });
}

/** Adds those of nodes, each with a route to the NAT gateway of its zone, or to the only one. */
export function addPrivateSubnets(
  scope: Construct,
  plan: SubnetPlan,
  natGateways: readonly NatGateway[],
): PrivateSubnets {
  const routeTables: RouteTable[] = [];
  const egress: ITerraformDependable[] = [];
  const subnets = plan.zoneNames.map((_, index) => {
    const zone = new Construct(scope, `Private${index + 1}`);
    const table = addRouteTable(zone, 'Routes', plan, `${plan.networkName}-private-${index + 1}`);
    routeTables.push(table);
    const nat = natGateways[index] ?? natGateways[0];
    if (nat) egress.push(addDefaultRoute(zone, table, nat));
    const subnet = addSubnet(zone, plan, 'private', index, { 'kubernetes.io/role/internal-elb': '1' });
    egress.push(associate(zone, subnet, table));
    return subnet;
  });
  return { subnets, routeTables, egress };
}

/** Adds those of databases and caches, which have no route but to the network itself. */
export function addIsolatedSubnets(scope: Construct, plan: SubnetPlan): Subnet[] {
  const table = addRouteTable(scope, 'IsolatedRoutes', plan, `${plan.networkName}-isolated`);
  return plan.zoneNames.map((_, index) => {
    const zone = new Construct(scope, `Isolated${index + 1}`);
    const subnet = addSubnet(zone, plan, 'isolated', index);
    associate(zone, subnet, table);
    return subnet;
  });
}

function addRouteTable(scope: Construct, id: string, { vpc }: SubnetPlan, name: string): RouteTable {
  return new RouteTable(scope, id, { vpcId: vpc.id, tags: { Name: name } });
}

function addDefaultRoute(scope: Construct, table: RouteTable, nat: NatGateway): Route {
  return new Route(scope, 'DefaultRoute', {
    routeTableId: table.id,
    destinationCidrBlock: '0.0.0.0/0',
    natGatewayId: nat.id,
  });
}

function addSubnet(
  scope: Construct,
  { networkName, cidr, vpc, zoneNames }: SubnetPlan,
  tier: 'public' | 'private' | 'isolated',
  index: number,
  tags: Readonly<Record<string, string>> = {},
): Subnet {
  return new Subnet(scope, 'Resource', {
    vpcId: vpc.id,
    cidrBlock: tierSubnet('aws', cidr, tier, index),
    availabilityZone: zoneNames[index],
    mapPublicIpOnLaunch: false,
    tags: { Name: `${networkName}-${tier}-${index + 1}`, ...tags },
    // A zone that AWS adds or closes shifts the list; a subnet must not be replaced for that.
    lifecycle: { ignoreChanges: ['availability_zone'] },
  });
}

function associate(scope: Construct, { id }: Subnet, table: RouteTable): RouteTableAssociation {
  return new RouteTableAssociation(scope, 'RouteTableAssociation', { subnetId: id, routeTableId: table.id });
}

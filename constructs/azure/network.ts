import { NatGateway } from '@cdktf/provider-azurerm/lib/nat-gateway';
import { NatGatewayPublicIpAssociation } from '@cdktf/provider-azurerm/lib/nat-gateway-public-ip-association';
import { NetworkSecurityGroup } from '@cdktf/provider-azurerm/lib/network-security-group';
import { NetworkSecurityRule, type NetworkSecurityRuleConfig } from '@cdktf/provider-azurerm/lib/network-security-rule';
import { PublicIp } from '@cdktf/provider-azurerm/lib/public-ip';
import { Subnet, type SubnetConfig } from '@cdktf/provider-azurerm/lib/subnet';
import { SubnetNatGatewayAssociation } from '@cdktf/provider-azurerm/lib/subnet-nat-gateway-association';
import { SubnetNetworkSecurityGroupAssociation } from '@cdktf/provider-azurerm/lib/subnet-network-security-group-association';
import { VirtualNetwork } from '@cdktf/provider-azurerm/lib/virtual-network';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError, overlap, tierSubnet } from '../../src';
import { POD_CIDR, SERVICE_CIDR } from './address-ranges';
import type { IResourceGroup } from './resource-group';

/**
 * What takes traffic of nodes to the internet: the load balancer that an AKS cluster has anyway, in all zones, with 1,024
 * connections for each node to one and the same server; or a NAT gateway in one zone, with all 64,512 for whoever needs
 * them, for $32.85 a month (list price of East US).
 */
export type NetworkEgress = 'load-balancer' | 'nat-gateway';

export interface NetworkProps {
  /** Name of the VNet and prefix of what is in it, e.g. `recommender-prod`. */
  readonly networkName: string;
  readonly resourceGroup: IResourceGroup;
  /** IPv4 range of the VNet, /8 to /20, apart from the cluster's own 10.244.0.0/16 (pods) and 10.0.0.0/16 (Services). */
  readonly cidr: string;
  /**
   * Zones that the address all traffic leaves from is spread over. Empty where the location has no zones.
   * @default ['1', '2', '3']
   */
  readonly zones?: readonly string[];
  /** @default 'load-balancer' */
  readonly egress?: NetworkEgress;
}

/**
 * A VNet with a subnet for the cluster's nodes, a subnet kept for private endpoints, and one known address that traffic
 * leaves from. Nothing in it is reachable from the internet.
 */
export class Network extends Construct {
  readonly virtualNetwork: VirtualNetwork;
  readonly nodeSubnet: Subnet;
  readonly privateEndpointSubnet: Subnet;
  readonly egressIp: PublicIp;
  /** Absent where the cluster's load balancer takes traffic out. */
  readonly natGateway?: NatGateway;
  /** Address that the cluster's load balancer sends traffic from; absent with a NAT gateway. */
  readonly loadBalancerEgressIpId?: string;
  readonly nodeSecurityGroup: NetworkSecurityGroup;
  readonly privateEndpointSecurityGroup: NetworkSecurityGroup;
  /** What nodes need before they start, and until they are gone: the way out, and the rules of their subnet. */
  readonly ready: ITerraformDependable[] = [];

  private readonly networkName: string;
  private readonly resourceGroup: IResourceGroup;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    this.checkRange(props.cidr);
    const nodes = tierSubnet('azure', props.cidr, 'nodes');
    const privateEndpoints = tierSubnet('azure', props.cidr, 'privateEndpoints');

    this.networkName = props.networkName;
    this.resourceGroup = props.resourceGroup;
    this.virtualNetwork = new VirtualNetwork(this, 'Resource', { ...this.placed(), addressSpace: [props.cidr] });
    this.nodeSubnet = this.addSubnet('NodeSubnet', { name: 'nodes', addressPrefixes: [nodes] });
    this.privateEndpointSubnet = this.addSubnet('PrivateEndpointSubnet', {
      name: 'private-endpoints',
      addressPrefixes: [privateEndpoints],
      // Without it, Azure exempts private endpoints from the subnet's security rules.
      privateEndpointNetworkPolicies: 'Enabled',
    });
    this.egressIp = this.addEgressIp(props.zones ?? ['1', '2', '3']);
    if (props.egress === 'nat-gateway') this.natGateway = this.addNatGateway();
    else this.loadBalancerEgressIpId = this.egressIp.id;
    this.nodeSecurityGroup = this.addNodeRules(nodes);
    this.privateEndpointSecurityGroup = this.addPrivateEndpointRules(nodes, privateEndpoints);
  }

  /** Subnet of the cluster's nodes. */
  get nodeSubnetId(): string {
    return this.nodeSubnet.id;
  }

  /** The IPv4 address that everything in the network is seen from. */
  get egressIpAddress(): string {
    return this.egressIp.ipAddress;
  }

  private checkRange(cidr: string): void {
    const prefix = Number(/^(?:\d{1,3}\.){3}\d{1,3}\/(\d{1,2})$/.exec(cidr)?.[1]);
    if (!(prefix >= 8 && prefix <= 20)) {
      throw new ConfigError(`cidr is ${cidr}; it must be an IPv4 range of /8 to /20, such as 10.72.0.0/16.`, this);
    }
    const taken = [POD_CIDR, SERVICE_CIDR].find((range) => overlap(range, cidr));
    if (taken) {
      throw new ConfigError(
        `cidr ${cidr} overlaps ${taken}, which the cluster uses inside; choose a range apart from ${POD_CIDR} and ${SERVICE_CIDR}, such as 10.72.0.0/16.`,
        this,
      );
    }
  }

  private addSubnet(id: string, config: Partial<SubnetConfig> & Pick<SubnetConfig, 'name'>): Subnet {
    return new Subnet(this, id, {
      resourceGroupName: this.resourceGroup.name,
      virtualNetworkName: this.virtualNetwork.name,
      // Traffic leaves by the known address or not at all.
      defaultOutboundAccessEnabled: false,
      ...config,
    });
  }

  private addEgressIp(zones: readonly string[]): PublicIp {
    return new PublicIp(this, 'EgressIp', {
      ...this.placed('egress'),
      allocationMethod: 'Static',
      sku: 'Standard',
      zones: [...zones],
    });
  }

  private addNatGateway(): NatGateway {
    const natGateway = new NatGateway(this, 'NatGateway', { ...this.placed('egress'), skuName: 'Standard' });
    const address = new NatGatewayPublicIpAssociation(this, 'NatGatewayAddress', {
      natGatewayId: natGateway.id,
      publicIpAddressId: this.egressIp.id,
    });
    this.ready.push(
      new SubnetNatGatewayAssociation(this, 'NodeEgress', {
        subnetId: this.nodeSubnet.id,
        natGatewayId: natGateway.id,
        dependsOn: [address],
      }),
    );
    return natGateway;
  }

  private addNodeRules(nodes: string): NetworkSecurityGroup {
    const group = this.addSecurityGroup('NodeSecurityGroup', 'nodes', this.nodeSubnet);
    this.ready.push(
      this.allow('NodesAndPodsToEachOther', group, {
        name: 'nodes-and-pods-to-each-other',
        // Pods have addresses outside the VNet, so that Azure's default rule for the VNet doesn't let them in.
        description: 'Nodes and pods reach each other: kubelet, DNS, Services.',
        sourceAddressPrefixes: [nodes, POD_CIDR],
        destinationAddressPrefixes: [nodes, POD_CIDR],
        destinationPortRange: '*',
        protocol: '*',
      }),
    );
    return group;
  }

  private addPrivateEndpointRules(nodes: string, privateEndpoints: string): NetworkSecurityGroup {
    const group = this.addSecurityGroup(
      'PrivateEndpointSecurityGroup',
      'private-endpoints',
      this.privateEndpointSubnet,
    );
    this.allow('NodesToPrivateEndpoints', group, {
      name: 'nodes-to-private-endpoints',
      description: 'Pods, seen from the address of their node, reach data services by TLS.',
      sourceAddressPrefix: nodes,
      destinationAddressPrefix: privateEndpoints,
      destinationPortRange: '443',
      protocol: 'Tcp',
    });
    new NetworkSecurityRule(this, 'NothingElseToPrivateEndpoints', {
      ...this.inboundOf(group),
      name: 'nothing-else-to-private-endpoints',
      description: 'Without it the whole VNet may.',
      priority: 4096,
      access: 'Deny',
      protocol: '*',
      sourceAddressPrefix: '*',
      destinationAddressPrefix: '*',
      destinationPortRange: '*',
    });
    return group;
  }

  private addSecurityGroup(id: string, name: string, of: Subnet): NetworkSecurityGroup {
    const group = new NetworkSecurityGroup(this, id, this.placed(name));
    this.ready.push(
      new SubnetNetworkSecurityGroupAssociation(group, 'Association', {
        subnetId: of.id,
        networkSecurityGroupId: group.id,
      }),
    );
    return group;
  }

  private allow(id: string, group: NetworkSecurityGroup, rule: AllowRule): NetworkSecurityRule {
    return new NetworkSecurityRule(this, id, { ...this.inboundOf(group), priority: 100, access: 'Allow', ...rule });
  }

  private inboundOf(group: NetworkSecurityGroup) {
    return {
      resourceGroupName: this.resourceGroup.name,
      networkSecurityGroupName: group.name,
      direction: 'Inbound',
      sourcePortRange: '*',
    };
  }

  private placed(part?: string) {
    return {
      name: part ? `${this.networkName}-${part}` : this.networkName,
      resourceGroupName: this.resourceGroup.name,
      location: this.resourceGroup.location,
    };
  }
}

type AllowRule = Omit<
  NetworkSecurityRuleConfig,
  'access' | 'direction' | 'networkSecurityGroupName' | 'priority' | 'resourceGroupName' | 'sourcePortRange'
>;

import { type AwsCall, type PlannedChange, RehearsalError } from '@cdktf-recommender/rehearsal';

type Call = (call: AwsCall) => Promise<Readonly<Record<string, unknown>>>;
type Values = PlannedChange['after'];
type Found = Promise<string | undefined>;
// biome-ignore lint/suspicious/noExplicitAny: answers of AWS's API
type Answer = any;

/** EC2's names of what has no name but its tag. */
const TAGGED: Readonly<Record<string, string>> = {
  aws_internet_gateway: 'internet-gateway',
  aws_route_table: 'route-table',
  aws_security_group: 'security-group',
  aws_subnet: 'subnet',
  aws_vpc: 'vpc',
  aws_vpc_endpoint: 'vpc-endpoint',
};

/**
 * Finds what a plan would create and what exists already, because an apply made it and didn't live to write its state.
 * Names and tags of a stack are its own, so that what has them was made for it. What AWS takes twice without a word
 * (a role's policy, a bucket's versioning) isn't looked for.
 *
 * Ids are those of `terraform import`: the section "Import" of each resource of the AWS provider.
 */
export class Existing {
  constructor(private readonly call: Call) {}

  /** The id to import by, or undefined where there is no such thing yet. */
  async idOf({ type, after }: PlannedChange): Found {
    try {
      const resourceType = TAGGED[type];
      return await (resourceType ? this.tagged(resourceType, after) : this.finders[type]?.(after));
    } catch (error) {
      if (error instanceof RehearsalError && /NotFound|NoSuch|Not Found|404/i.test(error.message)) return undefined;
      throw error;
    }
  }

  private readonly finders: Readonly<Record<string, (values: Values) => Found>> = {
    aws_budgets_budget: async ({ name }) => {
      const { Account } = await this.ask('sts', 'get_caller_identity', {});
      await this.ask('budgets', 'describe_budget', { AccountId: Account, BudgetName: name });
      return `${Account}:${name}`;
    },
    aws_cloudwatch_log_group: async ({ name }) => {
      const { logGroups } = await this.ask('logs', 'describe_log_groups', { logGroupNamePrefix: name });
      return logGroups.find((group: Answer) => group.logGroupName === name) && `${name}`;
    },
    aws_eip: async ({ tags_all }) => {
      const { Addresses } = await this.ask('ec2', 'describe_addresses', {});
      return withTags(Addresses, tags_all)?.AllocationId;
    },
    aws_eks_access_entry: async ({ cluster_name: clusterName, principal_arn: principalArn }) => {
      await this.ask('eks', 'describe_access_entry', { clusterName, principalArn });
      return `${clusterName}:${principalArn}`;
    },
    aws_eks_addon: async ({ cluster_name: clusterName, addon_name: addonName }) => {
      await this.ask('eks', 'describe_addon', { clusterName, addonName });
      return `${clusterName}:${addonName}`;
    },
    aws_eks_cluster: async ({ name }) => {
      await this.ask('eks', 'describe_cluster', { name });
      return `${name}`;
    },
    aws_eks_node_group: async ({ cluster_name: clusterName, node_group_name_prefix: prefix }) => {
      await this.ask('eks', 'describe_cluster', { name: clusterName });
      const { nodegroups } = await this.ask('eks', 'list_nodegroups', { clusterName });
      const name = nodegroups.find((group: string) => group.startsWith(`${prefix}`));
      return name && `${clusterName}:${name}`;
    },
    aws_eks_pod_identity_association: async ({ cluster_name: clusterName, namespace, service_account }) => {
      await this.ask('eks', 'describe_cluster', { name: clusterName });
      const asked = { clusterName, namespace, serviceAccount: service_account };
      const { associations } = await this.ask('eks', 'list_pod_identity_associations', asked);
      return associations[0] && `${clusterName},${associations[0].associationId}`;
    },
    aws_flow_log: async ({ vpc_id }) => {
      const { FlowLogs } = await this.ask('ec2', 'describe_flow_logs', {
        Filters: vpc_id && [{ Name: 'resource-id', Values: [vpc_id] }],
      });
      return FlowLogs[0]?.FlowLogId;
    },
    aws_iam_role: async ({ name }) => {
      await this.ask('iam', 'get_role', { RoleName: name });
      return `${name}`;
    },
    aws_kms_alias: async ({ name }) => {
      const { Aliases } = await this.ask('kms', 'list_aliases', {});
      return Aliases.find((alias: Answer) => alias.AliasName === name) && `${name}`;
    },
    aws_kms_key: ({ description }) => this.key(`${description}`),
    aws_launch_template: async ({ name }) => {
      const { LaunchTemplates } = await this.ask('ec2', 'describe_launch_templates', { LaunchTemplateNames: [name] });
      return LaunchTemplates[0]?.LaunchTemplateId;
    },
    aws_nat_gateway: async ({ tags_all }) => {
      const { NatGateways } = await this.ask('ec2', 'describe_nat_gateways', {});
      return withTags(NatGateways, tags_all)?.NatGatewayId;
    },
    aws_route: async ({ route_table_id, destination_cidr_block }) => {
      const table = await this.routeTable(route_table_id);
      const route = table?.Routes.find((found: Answer) => found.DestinationCidrBlock === destination_cidr_block);
      return route && `${route_table_id}_${destination_cidr_block}`;
    },
    aws_route_table_association: async ({ route_table_id, subnet_id }) => {
      const table = await this.routeTable(route_table_id);
      const association = table?.Associations.find((found: Answer) => found.SubnetId === subnet_id);
      return association && `${subnet_id}/${route_table_id}`;
    },
    aws_s3_bucket: async ({ bucket }) => {
      await this.ask('s3', 'head_bucket', { Bucket: bucket });
      return `${bucket}`;
    },
  };

  private ask(service: string, operation: string, parameters: Values): Promise<Answer> {
    // What is not known before the apply can't be asked for.
    const known = Object.values(parameters).every((value) => value !== undefined && value !== null);
    return known
      ? this.call({ service, operation, parameters })
      : Promise.reject(new RehearsalError('NotFound: unknown'));
  }

  private async routeTable(id: unknown): Promise<Answer> {
    const { RouteTables } = await this.ask('ec2', 'describe_route_tables', { RouteTableIds: id && [id] });
    return RouteTables[0];
  }

  private async tagged(resourceType: string, { tags_all }: Values): Found {
    const filters = [{ Name: 'resource-type', Values: [resourceType] }];
    const { Tags } = await this.ask('ec2', 'describe_tags', { Filters: filters });
    const ids = [...new Set<string>(Tags.map((tag: Answer) => tag.ResourceId))];
    const has = (id: string, [key, value]: [string, unknown]) =>
      Tags.some((tag: Answer) => tag.ResourceId === id && tag.Key === key && tag.Value === value);
    return ids.find((id) => Object.entries(tags_all ?? {}).every((tag) => has(id, tag)));
  }

  private async key(description: string): Found {
    const { Keys } = await this.ask('kms', 'list_keys', {});
    for (const { KeyId } of Keys) {
      const { KeyMetadata } = await this.ask('kms', 'describe_key', { KeyId });
      if (KeyMetadata.Description === description && KeyMetadata.KeyState === 'Enabled') return KeyId;
    }
    return undefined;
  }
}

/** What has all the tags; of what is deleted EC2 still tells for an hour. */
function withTags(things: Answer[], tags: unknown): Answer {
  const has = (thing: Answer, [key, value]: [string, unknown]) =>
    thing.Tags?.some((tag: Answer) => tag.Key === key && tag.Value === value);
  return things.find(
    (thing) => thing.State !== 'deleted' && Object.entries(tags ?? {}).every((tag) => has(thing, tag)),
  );
}

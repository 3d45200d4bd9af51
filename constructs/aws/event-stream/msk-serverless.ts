import { MskServerlessCluster } from '@cdktf/provider-aws/lib/msk-serverless-cluster';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { usdPerMonth } from '../../../src/cost/list-prices';
import type { IIdentityKafka, NetworkLocation } from '../../contracts';
import type { Connections, IConnectable } from '../network/connections';
import { isolatedRange } from '../network/isolated-range';
import type { Network } from '../network/network';
import { SecurityGroup } from '../network/security-group';
import type { PodIdentity } from '../pod-identity';
import type { IGrantee, PolicyStatement } from '../policy-document';

export interface MskServerlessProps {
  /** Name of the cluster: 1 to 64 letters, digits and hyphens, beginning with a letter. */
  readonly clusterName: string;
  /** In whose isolated subnets it is. */
  readonly network: Network;
  /**
   * Refuses a destroy of the cluster.
   * @default true
   */
  readonly protection?: boolean;
}

/** Where it listens for clients who log in by IAM. Source: MSK developer guide, "Port information". */
const PORT = 9098;

/**
 * A Kafka of Amazon MSK Serverless: no brokers to size, clients log in by IAM, over TLS only. It alone costs more than
 * the default budget of $500 a month; Kafka in the cluster, a queue or Kinesis do for less.
 */
export class MskServerless extends Construct implements IIdentityKafka<PodIdentity>, IConnectable {
  readonly protocol = 'kafka';
  readonly authentication = 'identity';
  readonly resource: MskServerlessCluster;
  readonly securityGroup: SecurityGroup;
  /** Who may connect to it: nobody until `allowFrom` says so. */
  readonly connections: Connections;
  readonly bootstrapServers: string;
  readonly port = PORT;
  readonly location: NetworkLocation;
  /** What it costs a month before any message, in dollars. */
  readonly usdPerMonth = usdPerMonth('aws/msk/serverless');
  readonly grants = {
    produce: (grantee: IGrantee, topics: readonly string[]) =>
      // Kafka's own producer sends each message once, unless it is told otherwise.
      this.grant(
        grantee,
        'Produce',
        ['Connect', 'WriteDataIdempotently'],
        [this.onTopics(topics, ['DescribeTopic', 'WriteData'])],
      ),
    consume: (grantee: IGrantee, topics: readonly string[], group: string) =>
      this.grant(
        grantee,
        'Consume',
        ['Connect'],
        [
          this.onTopics(topics, ['DescribeTopic', 'ReadData']),
          // The trailing * is how the names of its consumer groups go on.
          this.on('group', [`${group}*`], ['DescribeGroup', 'AlterGroup']),
        ],
      ),
  };

  constructor(scope: Construct, id: string, { clusterName, network, protection = true }: MskServerlessProps) {
    super(scope, id);
    if (!/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(clusterName)) {
      throw new ConfigError(
        `clusterName is ${clusterName}; it must be 1 to 64 letters, digits and hyphens, beginning with a letter.`,
        this,
      );
    }
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      network,
      groupName: `${clusterName}-kafka`,
      description: `The Kafka ${clusterName}`,
    });
    this.connections = this.securityGroup.connections;
    this.resource = new MskServerlessCluster(this, 'Resource', {
      clusterName,
      vpcConfig: [
        {
          subnetIds: network.isolatedSubnets.map((subnet) => subnet.id),
          securityGroupIds: [this.connections.securityGroupId],
        },
      ],
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      lifecycle: { preventDestroy: protection },
    });
    this.bootstrapServers = this.resource.bootstrapBrokersSaslIam;
    this.location = isolatedRange(network);
  }

  private onTopics(topics: readonly string[], actions: readonly string[]): PolicyStatement {
    const wrong = topics.find((topic) => !/^[A-Za-z0-9._-]{1,249}$/.test(topic));
    if (wrong !== undefined || topics.length === 0) {
      throw new ConfigError(
        `topics is ${topics.join(', ') || 'empty'}; allowed are one or more names of 1 to 249 letters, digits, dots, hyphens and underscores.`,
        this,
      );
    }
    return this.on('topic', topics, actions);
  }

  /** `arn:…:cluster/name/uuid` begins the ARNs of what is in it, `arn:…:topic/name/uuid/…`. */
  private on(kind: 'topic' | 'group', names: readonly string[], actions: readonly string[]): PolicyStatement {
    const prefix = Fn.replace(this.resource.arn, ':cluster/', `:${kind}/`);
    return {
      Effect: 'Allow',
      Action: actions.map((action) => `kafka-cluster:${action}`),
      Resource: names.map((name) => `${prefix}/${name}`),
    };
  }

  private grant(
    grantee: IGrantee,
    what: string,
    onCluster: readonly string[],
    statements: readonly PolicyStatement[],
  ): void {
    const actions = onCluster.map((action) => `kafka-cluster:${action}`);
    grantee.addPolicy(`${this.node.id}${what}`, [
      { Effect: 'Allow', Action: actions, Resource: this.resource.arn },
      ...statements,
    ]);
  }
}

import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { ElasticacheParameterGroup } from '@cdktf/provider-aws/lib/elasticache-parameter-group';
import { ElasticacheReplicationGroup } from '@cdktf/provider-aws/lib/elasticache-replication-group';
import { ElasticacheSubnetGroup } from '@cdktf/provider-aws/lib/elasticache-subnet-group';
import { ElasticacheUser } from '@cdktf/provider-aws/lib/elasticache-user';
import { ElasticacheUserGroup } from '@cdktf/provider-aws/lib/elasticache-user-group';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { NetworkLocation } from '../../contracts';
import { CACHE_PERMISSIONS } from '../../kubernetes/cache/valkey-values';
import { EncryptionKey } from '../encryption-key';
import { logsKeyStatement } from '../log-group-key';
import type { Connections, IConnectable } from '../network/connections';
import { isolatedRange } from '../network/isolated-range';
import type { Network } from '../network/network';
import { SecurityGroup } from '../network/security-group';
import type { IGrantee } from '../policy-document';
import { CacheClients, type CacheClientsProps } from './cache-client';
import { type CacheNodeType, CacheShape } from './cache-shape';
import { checkCache } from './check-cache';

export interface CacheProps {
  /** Name of the cache and its user: 2 to 30 lowercase letters, digits and hyphens, beginning with a letter. */
  readonly cacheName: string;
  /** In whose isolated subnets it is. */
  readonly network: Network;
  /** @default CacheShape.single() */
  readonly shape?: CacheShape;
  /** @default 'cache.t4g.micro' */
  readonly nodeType?: CacheNodeType;
  /**
   * How its user logs in. `password`: a person gives the user one, which is in no state; until then nobody can log in.
   * `iam`: who `grants.connect` names, by a token of 15 minutes.
   * @default 'password'
   */
  readonly login?: 'password' | 'iam';
  /**
   * What happens when its memory is full: a write is refused, as histories need it, or what was used longest ago makes
   * room, as is right for answers.
   * @default 'refuse'
   */
  readonly whenFull?: 'refuse' | 'evict';
  /**
   * Days that its daily snapshots are kept, 0 to 35.
   * @default 7
   */
  readonly snapshotRetentionDays?: number;
  /**
   * Days that its log of slow commands is kept.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * When AWS may install minor versions, in UTC, apart from the snapshot at 02:00 to 03:00.
   * @default 'sun:03:00-sun:04:00'
   */
  readonly maintenanceWindow?: string;
  /**
   * Refuses a destroy of the cache and its key.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * Takes a snapshot named `<cacheName>-final` before a destroy, which stays and costs $0.085 a GiB and month.
   * @default true
   */
  readonly finalSnapshot?: boolean;
}

const PORT = 6379;
/** What a client of a cluster asks first, beside the commands of the model server. */
const CLUSTER_PERMISSIONS = '+cluster|slots +cluster|shards +cluster|nodes';

/**
 * An ElastiCache for Valkey 8 in the isolated subnets, over TLS only, encrypted by a key of its own. Its one user may
 * do what the model server does; there is no user without a login.
 */
export class Cache extends Construct implements IConnectable {
  readonly resource: ElasticacheReplicationGroup;
  readonly key: EncryptionKey;
  readonly user: ElasticacheUser;
  readonly securityGroup: SecurityGroup;
  readonly logGroup: CloudwatchLogGroup;
  /** Who may connect to it: nobody until `allowFrom` says so. */
  readonly connections: Connections;
  readonly cacheName: string;
  readonly userName: string;
  readonly host: string;
  readonly port = PORT;
  /** URL without a login: `rediss://host:6379`, in cluster mode `rediss+cluster://…`. */
  readonly url: string;
  readonly location: NetworkLocation;
  readonly grants: { readonly connect: (grantee: IGrantee) => void };
  /** What its nodes cost a month, in dollars of 2026-10. */
  readonly usdPerMonth: number;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: CacheProps,
  ) {
    super(scope, id);
    const { cacheName, network, shape = CacheShape.single(), nodeType = 'cache.t4g.micro' } = settings;
    checkCache(settings, this);
    this.cacheName = cacheName;
    this.userName = cacheName;
    this.key = this.addKey();
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      network,
      groupName: `${cacheName}-cache`,
      description: `The cache ${cacheName}`,
    });
    this.connections = this.securityGroup.connections;
    this.user = this.addUser(shape);
    this.logGroup = this.addLogGroup();
    this.resource = this.addCache(shape, nodeType);
    this.host = shape.clustered ? this.resource.configurationEndpointAddress : this.resource.primaryEndpointAddress;
    this.url = `rediss${shape.clustered ? '+cluster' : ''}://${this.host}:${PORT}`;
    this.location = isolatedRange(network);
    this.grants = { connect: (grantee) => this.grantConnect(grantee) };
    this.usdPerMonth = shape.usdPerMonth(nodeType);
  }

  /** What pods of a cluster log in with, by the password that is in a store. */
  addClients(id: string, props: CacheClientsProps): CacheClients {
    if (this.settings.login === 'iam') {
      throw new ConfigError("login is 'iam', so there is no password; leave it out, or use grants.connect.", this);
    }
    return new CacheClients(this, id, { ...props, cache: this });
  }

  private grantConnect(grantee: IGrantee): void {
    if (this.settings.login !== 'iam') {
      throw new ConfigError("login is 'password', so IAM lets nobody in; use 'iam', or addClients.", this);
    }
    grantee.addPolicy(`${this.node.id}Connect`, [
      { Effect: 'Allow', Action: 'elasticache:Connect', Resource: [this.resource.arn, this.user.arn] },
    ]);
  }

  private get logGroupName(): string {
    return `/aws/elasticache/${this.settings.cacheName}/slow-log`;
  }

  private addKey(): EncryptionKey {
    const { cacheName, protection = true } = this.settings;
    return new EncryptionKey(this, 'Key', {
      aliasName: `elasticache/${cacheName}`,
      description: `Data, snapshots and logs of the cache ${cacheName}`,
      protection,
      statements: [logsKeyStatement(this, [this.logGroupName])],
    });
  }

  /**
   * ElastiCache knows who logs in by IAM by the same id and name. A user is made that way in either case, because one
   * with a password would have it in the state.
   */
  private addUser({ clustered }: CacheShape): ElasticacheUser {
    const permissions = clustered ? `${CACHE_PERMISSIONS} ${CLUSTER_PERMISSIONS}` : CACHE_PERMISSIONS;
    return new ElasticacheUser(this, 'User', {
      userId: this.userName,
      userName: this.userName,
      engine: 'valkey',
      accessString: `on -@all ${permissions}`,
      authenticationMode: { type: 'iam' },
      // Here a person's password is, if there is one.
      lifecycle: this.settings.login === 'iam' ? undefined : { ignoreChanges: ['authentication_mode'] },
    });
  }

  private addLogGroup(): CloudwatchLogGroup {
    return new CloudwatchLogGroup(this, 'LogGroup', {
      name: this.logGroupName,
      retentionInDays: this.settings.logRetentionDays ?? 30,
      kmsKeyId: this.key.keyArn,
    });
  }

  private addParameters({ clustered }: CacheShape): ElasticacheParameterGroup {
    const { cacheName, whenFull = 'refuse' } = this.settings;
    return new ElasticacheParameterGroup(this, 'Parameters', {
      name: `${cacheName}-valkey8`,
      family: 'valkey8',
      description: `The cache ${cacheName}`,
      parameter: [
        { name: 'maxmemory-policy', value: whenFull === 'evict' ? 'allkeys-lru' : 'noeviction' },
        ...(clustered ? [{ name: 'cluster-enabled', value: 'yes' }] : []),
      ],
    });
  }

  private addCache(shape: CacheShape, nodeType: CacheNodeType): ElasticacheReplicationGroup {
    const { cacheName, network, protection = true, finalSnapshot = true, ...props } = this.settings;
    const subnets = new ElasticacheSubnetGroup(this, 'Subnets', {
      name: cacheName,
      description: `The cache ${cacheName}`,
      subnetIds: network.isolatedSubnets.map(({ id }) => id),
    });
    const users = new ElasticacheUserGroup(this, 'Users', {
      userGroupId: cacheName,
      engine: 'valkey',
      userIds: [this.user.userId],
    });
    return new ElasticacheReplicationGroup(this, 'Resource', {
      replicationGroupId: cacheName,
      description: `The cache ${cacheName}`,
      engine: 'valkey',
      engineVersion: '8.0',
      nodeType,
      port: PORT,
      parameterGroupName: this.addParameters(shape).name,
      subnetGroupName: subnets.name,
      securityGroupIds: [this.connections.securityGroupId],
      userGroupIds: [users.userGroupId],
      ...(shape.clustered
        ? { numNodeGroups: shape.shards, replicasPerNodeGroup: shape.replicas }
        : { numCacheClusters: shape.nodes }),
      automaticFailoverEnabled: shape.failsOver,
      multiAzEnabled: shape.failsOver,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: 'true',
      kmsKeyId: this.key.keyArn,
      snapshotRetentionLimit: props.snapshotRetentionDays ?? 7,
      snapshotWindow: '02:00-03:00',
      finalSnapshotIdentifier: finalSnapshot ? `${cacheName}-final` : undefined,
      maintenanceWindow: props.maintenanceWindow ?? 'sun:03:00-sun:04:00',
      autoMinorVersionUpgrade: 'true',
      logDeliveryConfiguration: [
        {
          logType: 'slow-log',
          logFormat: 'json',
          destinationType: 'cloudwatch-logs',
          destination: this.logGroup.name,
        },
      ],
      lifecycle: { preventDestroy: protection },
    });
  }
}

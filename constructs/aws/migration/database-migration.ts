import type { DmsEndpoint } from '@cdktf/provider-aws/lib/dms-endpoint';
import { DmsReplicationInstance } from '@cdktf/provider-aws/lib/dms-replication-instance';
import { DmsReplicationSubnetGroup } from '@cdktf/provider-aws/lib/dms-replication-subnet-group';
import type { DmsReplicationTask } from '@cdktf/provider-aws/lib/dms-replication-task';
import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { EncryptionKey } from '../encryption-key';
import type { Connections, IConnectable } from '../network/connections';
import type { Network } from '../network/network';
import { Peer, Port } from '../network/peer';
import { SecurityGroup } from '../network/security-group';
import type { MigrationAccountRoles } from './migration-account-roles';
import { type MigratedDatabase, MigrationEndpoints } from './migration-endpoints';
import { MIGRATION_PHASES, type MigrationPhase, type MigrationState } from './migration-phase';
import { type MigratedTables, migrationTask } from './migration-tasks';

export interface DatabaseMigrationProps {
  /** Prefix of all names: 2 to 40 lowercase letters, digits and single hyphens, beginning with a letter. */
  readonly migrationName: string;
  /** In whose private subnets it works: it reaches Secrets Manager from there. */
  readonly network: Network;
  /** Where the data is. */
  readonly source: MigratedDatabase;
  /** Where it shall be; its tables are there, and empty. */
  readonly target: MigratedDatabase;
  /** How far the migration is. What is on in which phase: {@link MIGRATION_PHASES}. */
  readonly phase: MigrationPhase;
  /** @default [{ schema: 'public' }] */
  readonly tables?: readonly MigratedTables[];
  /**
   * Class of the replication instance. DMS has none of Graviton.
   * @default 'dms.t3.small'
   */
  readonly instanceClass?: 'dms.t3.small' | 'dms.t3.medium' | 'dms.t3.large';
  /**
   * GiB for changes that wait until they can be written, 5 to 6144.
   * @default 50
   */
  readonly storageGib?: number;
  /**
   * A standby of the instance in another zone, which costs as much as the first.
   * @default false
   */
  readonly multiAz?: boolean;
  /**
   * The roles of the account, where this stack makes them.
   * @default - they are there already
   */
  readonly accountRoles?: MigrationAccountRoles;
}

/**
 * Moves a PostgreSQL to another one by AWS DMS while it is in use: a copy, then each change, compared row by row; at
 * the cut-over the changes go the other way, so that it can be taken back. It keeps no data and goes when the move is
 * done.
 */
export class DatabaseMigration extends Construct implements IConnectable {
  readonly instance: DmsReplicationInstance;
  readonly key: EncryptionKey;
  readonly connections: Connections;
  readonly forward: DmsReplicationTask;
  /** In the phase `verify`. */
  readonly comparison?: DmsReplicationTask;
  /** From the phase `cut-over` on. */
  readonly reverse?: DmsReplicationTask;
  readonly state: MigrationState;
  /** The database that the application has to use in this phase. */
  readonly active: MigratedDatabase;
  /** Rules by which the databases are reached; empty where they are not. */
  private readonly ways: TerraformResource[] = [];
  private readonly endpoints = new Map<string, DmsEndpoint>();

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: DatabaseMigrationProps,
  ) {
    super(scope, id);
    const { migrationName, source, target, phase } = settings;
    this.check(settings);
    this.state = MIGRATION_PHASES[phase];
    this.active = this.state.writes === 'source' ? source : target;
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: `dms/${migrationName}`,
      description: `Changes in transit of the migration ${migrationName}`,
      // It keeps nothing that is not in one of the databases.
      protection: false,
    });
    this.connections = this.addConnections(settings);
    this.instance = this.addInstance(settings);
    const [from, to] = [this.addEndpoints('Source', source), this.addEndpoints('Target', target)];
    this.forward = this.addTask('Forward', from, to, 'copy', this.state.forward);
    if (this.state.comparison) {
      this.comparison = this.addTask('Comparison', from, to, 'compare', 'running', [this.forward]);
    }
    if (this.state.reverse !== 'none') {
      // Stopped first, what goes forward can't come back.
      this.reverse = this.addTask('Reverse', to, from, 'changes', this.state.reverse, [this.forward]);
    }
  }

  private check({ migrationName, tables, storageGib = 50 }: DatabaseMigrationProps): void {
    if (!/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,39}$/.test(migrationName)) {
      throw new ConfigError(
        `migrationName is ${migrationName}; it must be 2 to 40 lowercase letters, digits and single hyphens, beginning with a letter and not ending with a hyphen.`,
        this,
      );
    }
    if (tables?.length === 0) {
      throw new ConfigError('tables is empty, so nothing would be migrated; name a schema, or leave it out.', this);
    }
    if (!(Number.isInteger(storageGib) && storageGib >= 5 && storageGib <= 6144)) {
      throw new ConfigError(`storageGib is ${storageGib}; it must be a whole number from 5 to 6144.`, this);
    }
  }

  private addConnections({ migrationName, network, source, target }: DatabaseMigrationProps): Connections {
    const { connections } = new SecurityGroup(this, 'SecurityGroup', {
      network,
      groupName: `${migrationName}-migration`,
      description: `The migration ${migrationName}`,
    });
    if (this.state.connected) this.ways.push(...[source, target].flatMap((database) => connect(connections, database)));
    return connections;
  }

  private addInstance(props: DatabaseMigrationProps): DmsReplicationInstance {
    const { migrationName, network, accountRoles } = props;
    const subnets = new DmsReplicationSubnetGroup(this, 'Subnets', {
      replicationSubnetGroupId: migrationName,
      replicationSubnetGroupDescription: `The migration ${migrationName}`,
      subnetIds: network.privateSubnets.map((subnet) => subnet.id),
      dependsOn: accountRoles?.network.ready,
    });
    return new DmsReplicationInstance(this, 'Resource', {
      replicationInstanceId: migrationName,
      replicationInstanceClass: props.instanceClass ?? 'dms.t3.small',
      allocatedStorage: props.storageGib ?? 50,
      multiAz: props.multiAz ?? false,
      replicationSubnetGroupId: subnets.replicationSubnetGroupId,
      vpcSecurityGroupIds: [this.connections.securityGroupId],
      publiclyAccessible: false,
      kmsKeyArn: this.key.keyArn,
      autoMinorVersionUpgrade: true,
      preferredMaintenanceWindow: 'sun:03:00-sun:04:00',
      dependsOn: [...network.egress, ...(accountRoles?.logs.ready ?? [])],
    });
  }

  private addEndpoints(id: 'Source' | 'Target', settings: MigratedDatabase): MigrationEndpoints {
    return new MigrationEndpoints(this, id, {
      migrationName: this.settings.migrationName,
      database: id === 'Source' ? 'source' : 'target',
      keyArn: this.key.keyArn,
      settings,
    });
  }

  /** An endpoint is made with the first task that uses it. */
  private endpointArn(of: MigrationEndpoints, use: 'read' | 'write'): string {
    const known = this.endpoints.get(`${of.node.id} ${use}`) ?? of.endpoint(use);
    this.endpoints.set(`${of.node.id} ${use}`, known);
    return known.endpointArn;
  }

  private addTask(
    id: string,
    from: MigrationEndpoints,
    to: MigrationEndpoints,
    does: 'copy' | 'changes' | 'compare',
    state: 'running' | 'stopped',
    dependsOn: DmsReplicationTask[] = [],
  ): DmsReplicationTask {
    return migrationTask(this, id, {
      taskName: `${this.settings.migrationName}-${id.toLowerCase()}`,
      instanceArn: this.instance.replicationInstanceArn,
      sourceArn: this.endpointArn(from, 'read'),
      targetArn: this.endpointArn(to, 'write'),
      tables: this.settings.tables ?? [{ schema: 'public' }],
      does,
      running: state === 'running',
      // So a task is stopped before its way is closed.
      dependsOn: [...this.ways, ...dependsOn],
    });
  }
}

/** Lets the migration connect to a database; answers the rules of either side that do. */
function connect(connections: Connections, { location, port = 5432 }: MigratedDatabase): TerraformResource[] {
  const sides = Peer.isPeer(location) ? [connections] : [connections, location.connections];
  const rules = () => sides.flatMap(({ node }) => node.children.filter(TerraformResource.isTerraformResource));
  const before = new Set(rules());
  connections.allowTo(location, Port.tcp(port), 'The migration reads and writes it');
  return rules().filter((rule) => !before.has(rule));
}

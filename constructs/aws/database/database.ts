import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import { Construct } from 'constructs';
import type { IDatabase, NetworkLocation, StoredSecret } from '../../contracts';
import { AwsAccount } from '../aws-account';
import { EncryptionKey } from '../encryption-key';
import { logsKeyStatement } from '../log-group-key';
import type { Connections, IConnectable } from '../network/connections';
import { isolatedRange } from '../network/isolated-range';
import type { Network } from '../network/network';
import { SecurityGroup } from '../network/security-group';
import type { PodIdentity } from '../pod-identity';
import { ServiceRole } from '../service-role';
import { checkDatabase } from './check-database';
import { DatabaseGrants } from './database-grants';
import { type DatabaseClass, databaseUsdPerMonth } from './database-size';
import type { PostgresVersion } from './postgres-version';

export interface DatabaseProps {
  /** Name of the instance: 2 to 50 lowercase letters, digits and hyphens, beginning with a letter. */
  readonly instanceName: string;
  /** In whose isolated subnets it is. */
  readonly network: Network;
  /** @default 'recommender' */
  readonly databaseName?: string;
  /** @default '17' */
  readonly version?: PostgresVersion;
  /** @default 'db.t4g.micro' */
  readonly instanceClass?: DatabaseClass;
  /**
   * A standby in another zone, which takes over within two minutes and costs as much as the first.
   * @default false
   */
  readonly multiAz?: boolean;
  /**
   * Storage in GiB: what it begins with, and what it may grow to by itself, at least a tenth more.
   * @default { initialGib: 20, maxGib: 100 }
   */
  readonly storage?: { readonly initialGib: number; readonly maxGib: number };
  /**
   * Days to any second of which the database can be brought back, 1 to 35.
   * @default 7
   */
  readonly backupRetentionDays?: number;
  /**
   * Days that its logs are kept.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * When AWS may install minor versions and restart it, in UTC, apart from the backup at 02:00 to 02:30.
   * @default 'sun:03:00-sun:03:30'
   */
  readonly maintenanceWindow?: string;
  /**
   * Refuses a destroy of the instance, by Terraform and by RDS, and of its key.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * Takes a snapshot named `<instanceName>-final` before a destroy, which stays and costs $0.095 a GiB and month.
   * @default true
   */
  readonly finalSnapshot?: boolean;
}

const PORT = 5432;
/** Signs the server's certificate until 2061. Source: RDS user guide, "Using SSL/TLS to encrypt a connection". */
const CERTIFICATE_AUTHORITY = 'rds-ca-rsa2048-g1';
const ADMINISTRATOR = 'administrator';
/** What RDS exports: what PostgreSQL says, and what happened in upgrades. */
const LOGS = ['postgresql', 'upgrade'];

/**
 * An RDS for PostgreSQL in the isolated subnets, over TLS only, encrypted by a key of its own. RDS makes and rotates
 * the administrator's password, so that no state has it; pods log in by IAM.
 */
export class Database extends Construct implements IDatabase<PodIdentity>, IConnectable {
  readonly resource: DbInstance;
  readonly key: EncryptionKey;
  readonly securityGroup: SecurityGroup;
  readonly parameterGroup: DbParameterGroup;
  readonly monitoringRole: ServiceRole;
  /** Who may connect to it: nobody until `allowFrom` says so. */
  readonly connections: Connections;
  readonly host: string;
  readonly port = PORT;
  readonly databaseName: string;
  readonly administratorName = ADMINISTRATOR;
  readonly administratorSecretArn: string;
  readonly administrator: StoredSecret;
  readonly location: NetworkLocation;
  readonly grants: DatabaseGrants;
  /** What instance and storage cost a month at least, in dollars of 2026-05. */
  readonly usdPerMonth: number;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { instanceName, network, databaseName = 'recommender' } = props;
    checkDatabase(props, this);
    this.databaseName = databaseName;
    this.key = this.addKey(props);
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      network,
      groupName: `${instanceName}-database`,
      description: `The database ${instanceName}`,
    });
    this.connections = this.securityGroup.connections;
    this.parameterGroup = this.addParameters(props);
    this.monitoringRole = this.addMonitoringRole(instanceName);
    this.resource = this.addInstance(props, this.addLogGroups(props));
    this.host = this.resource.address;
    this.location = isolatedRange(network);
    this.administratorSecretArn = this.resource.masterUserSecret.get(0).secretArn;
    this.administrator = {
      provider: { aws: { service: 'SecretsManager', region: AwsAccount.of(this).region } },
      key: this.administratorSecretArn,
    };
    this.grants = new DatabaseGrants(this);
    const { instanceClass = 'db.t4g.micro', storage, multiAz = false } = props;
    this.usdPerMonth = databaseUsdPerMonth(instanceClass, storage?.initialGib ?? 20, multiAz);
  }

  private logGroupNames(instanceName: string): string[] {
    return LOGS.map((log) => `/aws/rds/instance/${instanceName}/${log}`);
  }

  /** One for all that the database leaves behind: storage, snapshots, insights, the administrator's login, logs. */
  private addKey({ instanceName, protection = true }: DatabaseProps): EncryptionKey {
    return new EncryptionKey(this, 'Key', {
      aliasName: `rds/${instanceName}`,
      description: `Data, backups, logs and the administrator's login of the database ${instanceName}`,
      protection,
      statements: [logsKeyStatement(this, this.logGroupNames(instanceName))],
    });
  }

  private addParameters({ instanceName, version = '17' }: DatabaseProps): DbParameterGroup {
    return new DbParameterGroup(this, 'Parameters', {
      // A major version has a family of its own; the old group goes when the instance has left it, and is never in the
      // way of the new one.
      namePrefix: `${instanceName}-postgres${version}-`,
      family: `postgres${version}`,
      description: `The database ${instanceName}`,
      parameter: [
        { name: 'rds.force_ssl', value: '1' },
        // Milliseconds; what takes longer than a request's deadline is worth a line.
        { name: 'log_min_duration_statement', value: '500' },
      ],
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private addMonitoringRole(instanceName: string): ServiceRole {
    const role = new ServiceRole(this, 'MonitoringRole', {
      roleName: `${instanceName}-monitoring`,
      description: `Writes what the operating system of the database ${instanceName} does`,
      service: 'monitoring.rds.amazonaws.com',
      sourceArn: AwsAccount.of(this).arn('rds', `db:${instanceName}`),
    });
    role.addManagedPolicy(
      'EnhancedMonitoring',
      AwsAccount.of(this).managedPolicyArn('service-role/AmazonRDSEnhancedMonitoringRole'),
    );
    return role;
  }

  /** Made before the instance, which else makes them by itself, without an end and without the key. */
  private addLogGroups({ instanceName, logRetentionDays = 30 }: DatabaseProps): CloudwatchLogGroup[] {
    return this.logGroupNames(instanceName).map(
      (name, index) =>
        new CloudwatchLogGroup(this, `LogGroup${index + 1}`, {
          name,
          retentionInDays: logRetentionDays,
          kmsKeyId: this.key.keyArn,
        }),
    );
  }

  private addInstance(props: DatabaseProps, logGroups: CloudwatchLogGroup[]): DbInstance {
    const { instanceName, network, storage, protection = true, finalSnapshot = true } = props;
    const subnets = new DbSubnetGroup(this, 'Subnets', {
      name: instanceName,
      description: `The database ${instanceName}`,
      subnetIds: network.isolatedSubnets.map(({ id }) => id),
    });
    return new DbInstance(this, 'Resource', {
      identifier: instanceName,
      engine: 'postgres',
      engineVersion: props.version ?? '17',
      caCertIdentifier: CERTIFICATE_AUTHORITY,
      // Beyond standard support an instance costs more by the vCPU and hour; AWS upgrades it before that.
      engineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      instanceClass: props.instanceClass ?? 'db.t4g.micro',
      dbName: this.databaseName,
      port: PORT,
      username: ADMINISTRATOR,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: this.key.resource.keyId,
      iamDatabaseAuthenticationEnabled: true,
      parameterGroupName: this.parameterGroup.name,
      storageType: 'gp3',
      storageEncrypted: true,
      kmsKeyId: this.key.keyArn,
      allocatedStorage: storage?.initialGib ?? 20,
      maxAllocatedStorage: storage?.maxGib ?? 100,
      multiAz: props.multiAz ?? false,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [this.connections.securityGroupId],
      publiclyAccessible: false,
      backupRetentionPeriod: props.backupRetentionDays ?? 7,
      backupWindow: '02:00-02:30',
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !finalSnapshot,
      maintenanceWindow: props.maintenanceWindow ?? 'sun:03:00-sun:03:30',
      autoMinorVersionUpgrade: true,
      enabledCloudwatchLogsExports: LOGS,
      monitoringInterval: 60,
      monitoringRoleArn: this.monitoringRole.roleArn,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: this.key.keyArn,
      // Days; longer ones cost by the vCPU.
      performanceInsightsRetentionPeriod: 7,
      deletionProtection: protection,
      skipFinalSnapshot: !finalSnapshot,
      finalSnapshotIdentifier: finalSnapshot ? `${instanceName}-final` : undefined,
      lifecycle: { preventDestroy: protection },
      dependsOn: [...logGroups, ...this.monitoringRole.ready],
    });
  }
}

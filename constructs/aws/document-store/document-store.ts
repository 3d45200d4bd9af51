import { AdvancedCluster } from '@cdktf/provider-mongodbatlas/lib/advanced-cluster';
import { CloudBackupSchedule } from '@cdktf/provider-mongodbatlas/lib/cloud-backup-schedule';
import { DatabaseUser } from '@cdktf/provider-mongodbatlas/lib/database-user';
import { Project } from '@cdktf/provider-mongodbatlas/lib/project';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IDocumentStore, NetworkLocation } from '../../contracts';
import { AwsAccount } from '../aws-account';
import type { Connections, IConnectable } from '../network/connections';
import { isolatedRange } from '../network/isolated-range';
import type { Network } from '../network/network';
import { Port } from '../network/peer';
import type { PodIdentity } from '../pod-identity';
import { DocumentStoreEndpoint } from './document-store-endpoint';
import { DocumentStoreKey } from './document-store-key';
import type { DocumentStoreSize } from './document-store-size';

export interface DocumentStoreProps {
  /** Name of the project and the cluster: 2 to 23 lowercase letters, digits and hyphens, beginning with a letter. */
  readonly storeName: string;
  /** Of the organization in Atlas: 24 hexadecimal digits. */
  readonly organizationId: string;
  /** In whose isolated subnets Atlas has its addresses. */
  readonly network: Network;
  /**
   * Of each of three nodes, in three zones.
   * @default 'M10'
   */
  readonly size?: DocumentStoreSize;
  /**
   * Encrypts with a key of one's own in KMS, without which Atlas can't read the documents either. Without it, Atlas'
   * own keys are used.
   * @default true
   */
  readonly customerKey?: boolean;
  /**
   * Days that a daily snapshot is kept, 2 to 365. Any second of the last two days can be brought back in any case.
   * @default 7
   */
  readonly backupRetentionDays?: number;
  /**
   * Refuses a destroy of project, cluster and key, by Terraform and by Atlas.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * Keeps the snapshots when the cluster is destroyed.
   * @default true
   */
  readonly retainBackups?: boolean;
}

/**
 * A MongoDB of Atlas on AWS that is reached by PrivateLink only: no address is on its access list. Clients log in by
 * their IAM roles. Its stack needs the AWS provider and that of Atlas.
 */
export class DocumentStore extends Construct implements IDocumentStore<PodIdentity>, IConnectable {
  /** Each node is at a port of its own. Source: Atlas documentation, "Configure Private Endpoints". */
  static readonly PORTS = Port.tcpRange(1024, 65_535);

  readonly project: Project;
  readonly resource: AdvancedCluster;
  readonly endpoint: DocumentStoreEndpoint;
  /** Absent where Atlas' own keys are used. */
  readonly encryption?: DocumentStoreKey;
  /** Who may connect to it: nobody until `allowFrom` says so. */
  readonly connections: Connections;
  readonly url: string;
  readonly location: NetworkLocation;
  readonly grants = {
    read: (identity: PodIdentity, databaseName: string) => this.addUser(identity, 'read', databaseName),
    readWrite: (identity: PodIdentity, databaseName: string) => this.addUser(identity, 'readWrite', databaseName),
  };

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: DocumentStoreProps,
  ) {
    super(scope, id);
    const { storeName, network, customerKey = true, protection = true } = settings;
    this.check(settings);
    this.project = this.addProject(protection);
    const inAtlas = { storeName, projectId: this.project.id, region: atlasRegion(this) };
    this.encryption = customerKey ? new DocumentStoreKey(this, 'Encryption', { ...inAtlas, protection }) : undefined;
    this.endpoint = new DocumentStoreEndpoint(this, 'Endpoint', { ...inAtlas, network });
    this.connections = this.endpoint.connections;
    this.resource = this.addCluster(inAtlas.region, protection);
    this.addBackups();
    this.url = this.resource.connectionStrings.get(0).privateEndpoint.get(0).srvConnectionString;
    this.location = isolatedRange(network);
  }

  private check({ storeName, organizationId, backupRetentionDays = 7 }: DocumentStoreProps): void {
    // Atlas shortens names to 23 letters in host names.
    if (!/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,22}$/.test(storeName)) {
      throw new ConfigError(
        `storeName is ${storeName}; it must be 2 to 23 lowercase letters, digits and single hyphens, beginning with a letter and not ending with a hyphen.`,
        this,
      );
    }
    if (!/^[0-9a-f]{24}$/.test(organizationId)) {
      throw new ConfigError(`organizationId is ${organizationId}; it must be 24 hexadecimal digits.`, this);
    }
    if (!(Number.isInteger(backupRetentionDays) && backupRetentionDays >= 2 && backupRetentionDays <= 365)) {
      throw new ConfigError(
        `backupRetentionDays is ${backupRetentionDays}; it must be a whole number of days from 2 to 365.`,
        this,
      );
    }
  }

  private addProject(protection: boolean): Project {
    const { storeName, organizationId } = this.settings;
    return new Project(this, 'Project', {
      name: storeName,
      orgId: organizationId,
      withDefaultAlertsSettings: true,
      // In a browser, past the private endpoint.
      isDataExplorerEnabled: false,
      lifecycle: { preventDestroy: protection },
    });
  }

  private addCluster(regionName: string, protection: boolean): AdvancedCluster {
    const { storeName, size = 'M10', retainBackups = true } = this.settings;
    return new AdvancedCluster(this, 'Resource', {
      projectId: this.project.id,
      name: storeName,
      clusterType: 'REPLICASET',
      mongoDbMajorVersion: '8.0',
      replicationSpecs: [
        {
          regionConfigs: [
            {
              providerName: 'AWS',
              regionName,
              priority: 7,
              electableSpecs: { instanceSize: size, nodeCount: 3 },
              autoScaling: { diskGbEnabled: true },
            },
          ],
        },
      ],
      encryptionAtRestProvider: this.encryption ? 'AWS' : 'NONE',
      advancedConfiguration: { minimumEnabledTlsProtocol: 'TLS1_2', javascriptEnabled: false },
      backupEnabled: true,
      pitEnabled: true,
      retainBackupsEnabled: retainBackups,
      terminationProtectionEnabled: protection,
      lifecycle: { preventDestroy: protection },
      // With the endpoint there, the cluster answers with its address behind it.
      dependsOn: [this.endpoint.service, ...(this.encryption ? [this.encryption.resource] : [])],
    });
  }

  private addBackups(): void {
    new CloudBackupSchedule(this, 'Backups', {
      projectId: this.project.id,
      clusterName: this.resource.name,
      // UTC
      referenceHourOfDay: 2,
      referenceMinuteOfHour: 0,
      restoreWindowDays: 2,
      policyItemDaily: {
        frequencyInterval: 1,
        retentionUnit: 'days',
        retentionValue: this.settings.backupRetentionDays ?? 7,
      },
    });
  }

  private addUser({ node, role }: PodIdentity, roleName: 'read' | 'readWrite', databaseName: string): void {
    new DatabaseUser(this, `${node.id}-${roleName}-${databaseName}`, {
      projectId: this.project.id,
      username: role.arn,
      authDatabaseName: '$external',
      awsIamType: 'ROLE',
      roles: [{ roleName, databaseName }],
      scopes: [{ name: this.resource.name, type: 'CLUSTER' }],
    });
  }
}

/** `us-east-1` as Atlas writes it: `US_EAST_1`. */
function atlasRegion(scope: Construct): string {
  return Fn.upper(Fn.replace(AwsAccount.of(scope).region, '-', '_'));
}

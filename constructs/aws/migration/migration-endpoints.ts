import { DmsCertificate } from '@cdktf/provider-aws/lib/dms-certificate';
import { DmsEndpoint } from '@cdktf/provider-aws/lib/dms-endpoint';
import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { keyUse } from '../key-use';
import type { IConnectable } from '../network/connections';
import type { Peer } from '../network/peer';
import { ServiceRole } from '../service-role';

/** One of the two PostgreSQLs of a migration. */
export interface MigratedDatabase {
  readonly databaseName: string;
  /**
   * Where the login is: a secret that a person has put JSON into, `{ "host", "port", "username", "password" }`. DMS
   * takes no secret that RDS manages, which has no host in it.
   */
  readonly secret: { readonly arn: string; readonly keyArn: string };
  /** What it is behind: `database.connections`, or `Peer.addresses` for one outside the network. */
  readonly location: IConnectable | Peer;
  /** @default 5432 */
  readonly port?: number;
  /**
   * PEM of the authorities that its certificate is signed by; DMS then checks the certificate and the host name in it.
   * @default - TLS without a check of who answers
   */
  readonly certificateAuthority?: string;
}

interface MigrationEndpointsProps {
  readonly migrationName: string;
  /** As names have it. */
  readonly database: 'source' | 'target';
  readonly keyArn: string;
  readonly settings: MigratedDatabase;
}

/** A database as DMS reads it and writes it, by a login that stays in Secrets Manager. */
export class MigrationEndpoints extends Construct {
  readonly role: ServiceRole;
  private readonly certificate?: DmsCertificate;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MigrationEndpointsProps,
  ) {
    super(scope, id);
    this.role = this.addRole();
    this.certificate = this.addCertificate();
  }

  /** The database as one that changes are read from, or one that they are written to. */
  endpoint(use: 'read' | 'write'): DmsEndpoint {
    const { migrationName, database, keyArn, settings } = this.props;
    return new DmsEndpoint(this, use === 'read' ? 'Read' : 'Write', {
      endpointId: `${migrationName}-${database}-${use}`,
      endpointType: use === 'read' ? 'source' : 'target',
      engineName: 'postgres',
      databaseName: settings.databaseName,
      secretsManagerArn: settings.secret.arn,
      secretsManagerAccessRoleArn: this.role.roleArn,
      sslMode: this.certificate ? 'verify-full' : 'require',
      certificateArn: this.certificate?.certificateArn,
      kmsKeyArn: keyArn,
      dependsOn: this.role.ready,
    });
  }

  private addRole(): ServiceRole {
    const { migrationName, database, settings } = this.props;
    const { region } = AwsAccount.of(this);
    const role = new ServiceRole(this, 'Role', {
      roleName: `${migrationName}-${database}-login`,
      description: `Reads the login of the ${database} of the migration ${migrationName}`,
      // The service of the region, not that of all: only it reads logins of PostgreSQL.
      service: `dms.${region}.amazonaws.com`,
    });
    role.addPolicy('ReadLogin', [
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: settings.secret.arn,
      },
      keyUse(this, { keyArn: settings.secret.keyArn, through: 'secretsmanager', actions: 'kms:Decrypt' }),
    ]);
    return role;
  }

  private addCertificate(): DmsCertificate | undefined {
    const { migrationName, database, settings } = this.props;
    if (settings.certificateAuthority === undefined) return undefined;
    return new DmsCertificate(this, 'Certificate', {
      certificateId: `${migrationName}-${database}`,
      certificatePem: settings.certificateAuthority,
    });
  }
}

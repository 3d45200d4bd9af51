import type { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IDatabaseGrants } from '../../contracts';
import { AwsAccount } from '../aws-account';
import type { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { PodIdentity } from '../pod-identity';
import type { IGrantee } from '../policy-document';

interface GrantedDatabase extends Construct {
  readonly resource: DbInstance;
  readonly key: EncryptionKey;
  readonly administratorName: string;
  readonly administratorSecretArn: string;
}

/** Who may log in to a database. */
export class DatabaseGrants implements IDatabaseGrants<PodIdentity> {
  constructor(private readonly database: GrantedDatabase) {}

  /** The user needs the role `rds_iam` in the database: `GRANT rds_iam TO …`. */
  connect(grantee: IGrantee, userName: string): void {
    const { node, resource, administratorName } = this.database;
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(userName) || userName === administratorName) {
      throw new ConfigError(
        `userName is ${userName}; it must be 1 to 63 lowercase letters, digits and underscores, and not the administrator's. Make a user who may do what the pods need.`,
        this.database,
      );
    }
    grantee.addPolicy(`${node.id}ConnectAs-${userName}`, [
      {
        Effect: 'Allow',
        Action: 'rds-db:connect',
        Resource: AwsAccount.of(this.database).arn('rds-db', `dbuser:${resource.resourceId}/${userName}`),
      },
    ]);
  }

  readAdministrator(grantee: IGrantee): void {
    const { node, key, administratorSecretArn } = this.database;
    grantee.addPolicy(`${node.id}ReadAdministrator`, [
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: administratorSecretArn,
      },
      keyUse(this.database, { keyArn: key.keyArn, through: 'secretsmanager', actions: 'kms:Decrypt' }),
    ]);
  }
}

import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { ISecretStore, ISecretStoreGrants } from '../../contracts';
import { secretId, secretNamesProblem } from '../../contracts/secret-store';
import { AwsAccount } from '../aws-account';
import { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { PodIdentity } from '../pod-identity';
import type { IGrantee } from '../policy-document';

export interface SecretStoreProps {
  /** What the secrets' names in the account begin with, before a slash: `shop-prod`. */
  readonly storeName: string;
  /** Names of the secrets, below `storeName`: `api-keys`. Lowercase letters, digits and hyphens. */
  readonly secretNames: readonly string[];
  /**
   * Refuses a destroy of the secrets and their key. Without it, a destroy takes the secrets along at once.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * Secrets of AWS Secrets Manager, encrypted by a key of their own, without their values: people put those there, so
 * they are in no plan and no state.
 */
export class SecretStore extends Construct implements ISecretStore<PodIdentity> {
  readonly key: EncryptionKey;
  readonly secrets: readonly SecretsmanagerSecret[];
  readonly secretNames: readonly string[];
  readonly provider: ISecretStore['provider'];
  readonly grants: ISecretStoreGrants<PodIdentity>;

  constructor(scope: Construct, id: string, props: SecretStoreProps) {
    super(scope, id);
    const { storeName, secretNames, protection = true } = props;
    this.check(props);
    this.secretNames = secretNames;
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: `${storeName}-secrets`,
      description: `Secrets of ${storeName}`,
      protection,
    });
    this.secrets = secretNames.map((name) => this.addSecret(name, storeName, protection));
    this.provider = {
      aws: { service: 'SecretsManager', region: AwsAccount.of(this).region, prefix: `${storeName}/` },
    };
    this.grants = { read: (grantee: IGrantee) => this.grantRead(grantee) };
  }

  private check({ storeName, secretNames }: SecretStoreProps): void {
    if (!/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/.test(storeName)) {
      throw new ConfigError(
        `storeName is ${storeName}; it must be 2 to 63 lowercase letters, digits and hyphens, with a letter or digit at both ends.`,
        this,
      );
    }
    const problem = secretNamesProblem(secretNames);
    if (problem) throw new ConfigError(problem, this);
  }

  private addSecret(name: string, storeName: string, protection: boolean): SecretsmanagerSecret {
    return new SecretsmanagerSecret(this, secretId(name), {
      name: `${storeName}/${name}`,
      kmsKeyId: this.key.keyArn,
      // A destroyed secret's name is free again after these days.
      recoveryWindowInDays: protection ? 30 : 0,
      lifecycle: { preventDestroy: protection },
    });
  }

  private grantRead(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Read`, [
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: this.secrets.map(({ arn }) => arn),
      },
      keyUse(this, { keyArn: this.key.keyArn, through: 'secretsmanager', actions: 'kms:Decrypt' }),
    ]);
  }
}

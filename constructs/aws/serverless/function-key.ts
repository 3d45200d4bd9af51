import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { IGrantee, PolicyStatement } from '../policy-document';

export interface FunctionKeyProps {
  /** What the names of everything that it encrypts begin with: `shop-prod-scoring`. */
  readonly keyName: string;
  /**
   * Refuses a destroy: what was encrypted is lost with its key.
   * @default true
   */
  readonly protection?: boolean;
}

/** A key for functions and what belongs to them: environments, logs, queues. One serves many. */
export class FunctionKey extends Construct {
  readonly key: EncryptionKey;
  readonly keyName: string;

  constructor(scope: Construct, id: string, { keyName, protection = true }: FunctionKeyProps) {
    super(scope, id);
    this.keyName = keyName;
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: `${keyName}-functions`,
      description: `Functions of ${keyName}: environments, logs, queues`,
      protection,
      statements: [this.logs(), this.logDelivery()],
    });
  }

  get keyArn(): string {
    return this.key.keyArn;
  }

  /** Lets a function or a service put messages into queues that the key encrypts, or take them out, or use tables. */
  grantUse(grantee: IGrantee, name: string, service: 'sqs' | 'dynamodb'): void {
    grantee.addPolicy(name, [
      keyUse(this, { keyArn: this.keyArn, through: service, actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]);
  }

  /** CloudWatch Logs names the group that it writes for. Source: its user guide, "Encrypt log data using AWS KMS". */
  private logs(): PolicyStatement {
    const account = AwsAccount.of(this);
    return {
      Sid: 'LogsOfTheseFunctions',
      Effect: 'Allow',
      Principal: { Service: `logs.${account.region}.amazonaws.com` },
      Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      // In a key policy the only resource is the key itself.
      Resource: '*',
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': [
            account.arn('logs', `log-group:/aws/lambda/${this.keyName}*`),
            account.arn('logs', `log-group:/aws/vendedlogs/states/${this.keyName}*`),
          ],
        },
      },
    };
  }

  /** An encrypted state machine's log is delivered. Source: Step Functions developer guide, "Data at rest encryption". */
  private logDelivery(): PolicyStatement {
    const account = AwsAccount.of(this);
    return {
      Sid: 'DeliveryOfLogsOfThisAccount',
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceAccount': account.accountId },
        ArnLike: { 'aws:SourceArn': account.arn('logs', '*') },
      },
    };
  }
}

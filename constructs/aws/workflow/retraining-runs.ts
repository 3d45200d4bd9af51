import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { Construct } from 'constructs';
import type { IGrantee } from '../policy-document';
import type { FunctionKey } from '../serverless/function-key';

export interface RetrainingRunsProps {
  /** 3 to 255 letters, digits, dots, hyphens and underscores. */
  readonly tableName: string;
  readonly key: FunctionKey;
  /**
   * Refuses a destroy, by Terraform and by DynamoDB.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * The state of each run, and the lock that lets one run at a time: paid by request, encrypted by the functions' key,
 * restorable to any second of 35 days; what is old expires by itself.
 */
export class RetrainingRuns extends Construct {
  readonly resource: DynamodbTable;
  readonly tableName: string;
  private readonly key: FunctionKey;

  constructor(scope: Construct, id: string, { tableName, key, protection = true }: RetrainingRunsProps) {
    super(scope, id);
    this.key = key;
    this.resource = new DynamodbTable(this, 'Resource', {
      name: tableName,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'id',
      attribute: [{ name: 'id', type: 'S' }],
      ttl: { attributeName: 'expiresAt', enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: key.keyArn },
      deletionProtectionEnabled: protection,
      lifecycle: { preventDestroy: protection },
    });
    this.tableName = this.resource.name;
  }

  /** Lets a stage note how a run gets on, take the lock and give it back. */
  grantNote(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Note`, [
      {
        Effect: 'Allow',
        Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        Resource: this.resource.arn,
      },
    ]);
    this.key.grantUse(grantee, `${this.node.id}Key`, 'dynamodb');
  }
}

import type { Construct } from 'constructs';
import { keyUse } from '../key-use';
import type { PolicyStatement } from '../policy-document';

/** A value in Secrets Manager, by name only: neither the plan nor the state has it. */
export interface ServerSecret {
  readonly secretArn: string;
  /**
   * Field of the secret's JSON.
   * @default - the whole value
   */
  readonly field?: string;
  /**
   * ARN of the key it is encrypted by.
   * @default - the account's key for Secrets Manager, which needs no permission
   */
  readonly keyArn?: string;
}

/** The model server's secrets by the name of the environment variable each becomes. */
export type ServerSecrets = Readonly<Record<string, ServerSecret>>;

/** What reads the secrets: these, and their keys through Secrets Manager only. */
export function readSecrets(scope: Construct, secrets: ServerSecrets): PolicyStatement[] {
  const all = Object.values(secrets);
  if (all.length === 0) return [];
  const keys = [...new Set(all.flatMap(({ keyArn }) => keyArn ?? []))];
  return [
    {
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: [...new Set(all.map(({ secretArn }) => secretArn))],
    },
    ...(keys.length > 0 ? [keyUse(scope, { keyArn: keys, through: 'secretsmanager', actions: 'kms:Decrypt' })] : []),
  ];
}

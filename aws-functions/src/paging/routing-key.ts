import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SettingsError } from '../errors';

/** Source: what the Events API v2 answers to another one. */
const ROUTING_KEY = /^\w{32}$/;

/**
 * The integration's key, as a person put it into the secret; read for each page, so that a new one is used at once.
 *
 * @throws SettingsError when the secret holds something else, which is not told
 */
export async function readRoutingKey(client: SecretsManagerClient, secretArn: string): Promise<string> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  const key = SecretString?.trim() ?? '';
  if (ROUTING_KEY.test(key)) return key;
  throw new SettingsError(
    `the secret ${secretArn} holds no routing key, which is 32 letters and digits and nothing else: put that of the integration "Events API V2" of your PagerDuty service there`,
  );
}

import type { IWorkloadIdentity } from './workload-identity';

/** Where secrets are kept outside the cluster: AWS Secrets Manager, or an Azure Key Vault. */
export interface ISecretStore<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  /** `spec.provider` of a SecretStore of External Secrets: which service, and where. No credential is in it. */
  readonly provider: Readonly<Record<string, object>>;
  /** The secrets it is for, as `provider` finds them. */
  readonly secretNames: readonly string[];
  readonly grants: ISecretStoreGrants<Identity>;
}

export interface ISecretStoreGrants<Identity extends IWorkloadIdentity = IWorkloadIdentity> {
  /** May read the values of `secretNames`, and of no other secret. Nobody is granted a write. */
  read(identity: Identity): void;
}

/**
 * Refuses names that one of the clouds doesn't take, so that a secret has the same name in both.
 *
 * @returns what is wrong with them, or nothing
 */
export function secretNamesProblem(secretNames: readonly string[]): string | undefined {
  if (secretNames.length === 0) return 'secretNames is empty; name the secrets that pods need.';
  const wrong = secretNames.find((name) => !/^[a-z](?:[a-z0-9-]{0,98}[a-z0-9])?$/.test(name));
  if (wrong !== undefined) {
    return `secretNames has ${wrong}; allowed are 1 to 100 lowercase letters, digits and hyphens, beginning with a letter.`;
  }
  const twice = secretNames.find((name, index) => secretNames.indexOf(name) !== index);
  return twice === undefined ? undefined : `secretNames has ${twice} twice; name each secret once.`;
}

/** Id of what a construct makes for a secret: `ApiKeys` for `api-keys`. */
export function secretId(secretName: string): string {
  return secretName.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
}

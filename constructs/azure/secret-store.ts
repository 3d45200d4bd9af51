import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { Construct } from 'constructs';
import { ConfigError } from '../../src';
import type { ISecretStore, ISecretStoreGrants } from '../contracts';
import { secretId, secretNamesProblem } from '../contracts/secret-store';
import type { IResourceGroup } from './resource-group';
import type { WorkloadIdentity } from './workload-identity';

export interface SecretStoreProps {
  /** Name of the Key Vault, unique in the world: 3 to 24 letters, digits and hyphens. */
  readonly vaultName: string;
  readonly resourceGroup: IResourceGroup;
  /**
   * IPv4 addresses and ranges that the vault answers: the one the cluster's pods come from (`Network.egressIpAddress`),
   * and those of the people who put values there.
   */
  readonly allowedCidrs: readonly string[];
  /** Names of the secrets: `api-keys`. Lowercase letters, digits and hyphens. */
  readonly secretNames: readonly string[];
  /**
   * Refuses a destroy, and a purge of the vault for 90 days. Without it, a destroyed vault can be purged by hand, after
   * which its name is free again.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * An Azure Key Vault that answers named addresses and Entra identities with a grant, without the secrets: people put
 * those there, so their values are in no plan and no state.
 */
export class SecretStore extends Construct implements ISecretStore<WorkloadIdentity> {
  readonly resource: KeyVault;
  readonly secretNames: readonly string[];
  readonly provider: ISecretStore['provider'];
  readonly grants: ISecretStoreGrants<WorkloadIdentity>;

  constructor(scope: Construct, id: string, props: SecretStoreProps) {
    super(scope, id);
    this.check(props);
    this.secretNames = props.secretNames;
    this.resource = this.addVault(props);
    this.provider = { azurekv: { authType: 'WorkloadIdentity', vaultUrl: this.resource.vaultUri } };
    this.grants = { read: (identity) => this.grantRead(identity) };
  }

  private check({ vaultName, allowedCidrs, secretNames }: SecretStoreProps): void {
    if (!/^[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]$/.test(vaultName)) {
      throw new ConfigError(
        `vaultName is ${vaultName}; allowed are 3 to 24 letters, digits and single hyphens, beginning with a letter and ending with no hyphen. Naming.compact() makes one.`,
        this,
      );
    }
    if (allowedCidrs.length === 0 || allowedCidrs.some((cidr) => cidr.endsWith('/0'))) {
      throw new ConfigError(
        `allowedCidrs is ${JSON.stringify(allowedCidrs)}; name the addresses that the cluster and the people come from, never everybody.`,
        this,
      );
    }
    const problem = secretNamesProblem(secretNames);
    if (problem) throw new ConfigError(problem, this);
  }

  private addVault({ vaultName, resourceGroup, allowedCidrs, protection = true }: SecretStoreProps): KeyVault {
    return new KeyVault(this, 'Resource', {
      name: vaultName,
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      tenantId: new DataAzurermClientConfig(this, 'Tenant').tenantId,
      skuName: 'standard',
      rbacAuthorizationEnabled: true,
      purgeProtectionEnabled: protection,
      softDeleteRetentionDays: 90,
      publicNetworkAccessEnabled: true,
      networkAcls: { defaultAction: 'Deny', bypass: 'None', ipRules: [...allowedCidrs] },
      lifecycle: { preventDestroy: protection },
    });
  }

  private grantRead(identity: WorkloadIdentity): void {
    for (const name of this.secretNames) {
      identity.addPermission(
        new RoleAssignment(identity, `${this.node.id}Read${secretId(name)}`, {
          roleDefinitionName: 'Key Vault Secrets User',
          scope: `${this.resource.id}/secrets/${name}`,
          principalId: identity.principalId,
          // Spares Entra's look-up, which fails in the first minutes of a new identity.
          principalType: 'ServicePrincipal',
        }),
      );
    }
  }
}

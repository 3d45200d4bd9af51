import { StorageAccount } from '@cdktf/provider-azurerm/lib/storage-account';
import { StorageContainer } from '@cdktf/provider-azurerm/lib/storage-container';
import { StorageManagementPolicy } from '@cdktf/provider-azurerm/lib/storage-management-policy';
import { Construct } from 'constructs';
import { ConfigError } from '../../src';
import { keepForGood, MODEL_VERSIONS_STAY } from '../../src/guards/kept-for-good';
import type { IModelStore } from '../contracts';
import { ModelStoreGrants } from './model-store-grants';
import type { IResourceGroup } from './resource-group';
import type { WorkloadIdentity } from './workload-identity';

export interface ModelStoreProps {
  /** Name of the storage account, unique in the world: 3 to 24 lowercase letters and digits. */
  readonly accountName: string;
  readonly resourceGroup: IResourceGroup;
  /**
   * Copies of each blob: `ZRS` keeps one in each of three zones, so that a server can start while a zone is down; `LRS`
   * keeps three in one zone, for locations without zones. ZRS costs a quarter more of the few dollars models cost.
   * @default 'ZRS'
   */
  readonly replication?: 'ZRS' | 'LRS';
  /**
   * Refuses a destroy. Without it, a destroy takes every blob along.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * Days that an overwritten or deleted blob, or the container, can be brought back: 1 to 365.
   * @default 90
   */
  readonly noncurrentVersionDays?: number;
}

/**
 * A Blob container for model versions, in a storage account of its own: encrypted twice, TLS 1.2, versioned, soft
 * delete. The account has no usable key and no public blob; only Entra identities with a grant get in. Its endpoint
 * does answer on the internet, because the peer cloud and people's laptops read from there.
 */
export class ModelStore extends Construct implements IModelStore<WorkloadIdentity> {
  readonly resource: StorageAccount;
  readonly container: StorageContainer;
  readonly lifecyclePolicy: StorageManagementPolicy;
  readonly resourceGroup: IResourceGroup;
  readonly grants: ModelStoreGrants;

  constructor(scope: Construct, id: string, props: ModelStoreProps) {
    super(scope, id);
    const { accountName, protection = true, noncurrentVersionDays = 90 } = props;
    this.check(accountName, noncurrentVersionDays);
    this.resourceGroup = props.resourceGroup;
    this.resource = this.addAccount(props, protection, noncurrentVersionDays);
    this.container = this.addContainer(protection);
    this.lifecyclePolicy = this.addLifecyclePolicy(noncurrentVersionDays);
    keepForGood(this, MODEL_VERSIONS_STAY);
    this.grants = new ModelStoreGrants(this);
  }

  get modelStoreUrl(): string {
    return `az://${this.resource.name}/${this.container.name}`;
  }

  private check(accountName: string, noncurrentVersionDays: number): void {
    if (!/^[a-z0-9]{3,24}$/.test(accountName)) {
      throw new ConfigError(
        `accountName is ${accountName}; allowed are 3 to 24 lowercase letters and digits. Naming.compact() makes one.`,
        this,
      );
    }
    if (!(Number.isInteger(noncurrentVersionDays) && noncurrentVersionDays >= 1 && noncurrentVersionDays <= 365)) {
      throw new ConfigError(
        `noncurrentVersionDays is ${noncurrentVersionDays}; it must be a whole number of days from 1 to 365.`,
        this,
      );
    }
  }

  private addAccount(props: ModelStoreProps, preventDestroy: boolean, softDeleteDays: number): StorageAccount {
    const { accountName, resourceGroup, replication } = props;
    return new StorageAccount(this, 'Resource', {
      name: accountName,
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      accountKind: 'StorageV2',
      accountTier: 'Standard',
      accountReplicationType: replication ?? 'ZRS',
      accessTier: 'Hot',
      sharedAccessKeyEnabled: false,
      defaultToOauthAuthentication: true,
      localUserEnabled: false,
      allowNestedItemsToBePublic: false,
      crossTenantReplicationEnabled: false,
      allowedCopyScope: 'AAD',
      minTlsVersion: 'TLS1_2',
      httpsTrafficOnlyEnabled: true,
      infrastructureEncryptionEnabled: true,
      publicNetworkAccessEnabled: true,
      blobProperties: {
        versioningEnabled: true,
        deleteRetentionPolicy: { days: softDeleteDays },
        containerDeleteRetentionPolicy: { days: softDeleteDays },
      },
      // No CanNotDelete lock beside it: that also blocks removing a role assignment, and so a grant.
      lifecycle: { preventDestroy },
    });
  }

  private addContainer(preventDestroy: boolean): StorageContainer {
    return new StorageContainer(this, 'Container', {
      name: 'models',
      // By the account's id, not its name: the name makes Terraform use the data plane, where it has no role.
      storageAccountId: this.resource.id,
      containerAccessType: 'private',
      lifecycle: { preventDestroy },
    });
  }

  /** Only what was replaced expires (pointers of channels); a model version is never written twice. */
  private addLifecyclePolicy(noncurrentDays: number): StorageManagementPolicy {
    return new StorageManagementPolicy(this, 'LifecyclePolicy', {
      storageAccountId: this.resource.id,
      rule: [
        {
          name: 'expire-replaced-blobs',
          enabled: true,
          filters: { blobTypes: ['blockBlob'] },
          actions: { version: { deleteAfterDaysSinceCreation: noncurrentDays } },
        },
      ],
    });
  }
}

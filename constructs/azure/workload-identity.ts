import { FederatedIdentityCredential } from '@cdktf/provider-azurerm/lib/federated-identity-credential';
import { UserAssignedIdentity } from '@cdktf/provider-azurerm/lib/user-assigned-identity';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../src';
import type { WorkloadIdentityProps as ContractProps, IWorkloadIdentity } from '../contracts';
import type { IResourceGroup } from './resource-group';

export interface WorkloadIdentityProps extends ContractProps {
  /** Name of the user-assigned identity, 3 to 128 letters, digits, hyphens and underscores. */
  readonly identityName: string;
  readonly resourceGroup: IResourceGroup;
  /**
   * OIDC issuer of the cluster whose service account may act as the identity, `https://…`.
   * @default - nobody may act as it
   */
  readonly issuerUrl?: string;
}

/**
 * A user-assigned identity that the pods of one Kubernetes service account act as, by federation: no key exists.
 * `cluster.addWorkloadIdentity` makes one for a service account of that cluster.
 */
export class WorkloadIdentity extends Construct implements IWorkloadIdentity {
  readonly namespace: string;
  readonly serviceAccountName: string;
  readonly identity: UserAssignedIdentity;
  /** Absent when nobody may act as the identity. */
  readonly credential?: FederatedIdentityCredential;
  readonly podLabels = { 'azure.workload.identity/use': 'true' };
  /** Entra gives tokens over HTTPS. */
  readonly credentialSources = [];

  private readonly permissions: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: WorkloadIdentityProps) {
    super(scope, id);
    this.checkName(props.identityName);
    this.namespace = props.namespace;
    this.serviceAccountName = props.serviceAccountName;
    this.identity = this.addIdentity(props);
    if (props.issuerUrl) this.credential = this.addCredential(props.issuerUrl, props.resourceGroup);
  }

  /** What names the identity in tokens and annotations. */
  get clientId(): string {
    return this.identity.clientId;
  }

  /** What roles are assigned to. */
  get principalId(): string {
    return this.identity.principalId;
  }

  get serviceAccountAnnotations(): Record<string, string> {
    return {
      'azure.workload.identity/client-id': this.identity.clientId,
      'azure.workload.identity/tenant-id': this.identity.tenantId,
    };
  }

  get ready(): ITerraformDependable[] {
    return [...(this.credential ? [this.credential] : []), ...this.permissions];
  }

  /** Called by grants: pods wait for the permission. */
  addPermission(permission: ITerraformDependable): void {
    this.permissions.push(permission);
  }

  private checkName(name: string): void {
    if (/^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/.test(name)) return;
    throw new ConfigError(
      `identityName is ${name}; allowed are 3 to 128 letters, digits, hyphens and underscores, beginning with a letter or digit.`,
      this,
    );
  }

  private addIdentity({ identityName, resourceGroup }: WorkloadIdentityProps): UserAssignedIdentity {
    return new UserAssignedIdentity(this, 'Resource', {
      name: identityName,
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
    });
  }

  private addCredential(issuer: string, resourceGroup: IResourceGroup): FederatedIdentityCredential {
    return new FederatedIdentityCredential(this, 'Credential', {
      name: this.serviceAccountName,
      resourceGroupName: resourceGroup.name,
      parentId: this.identity.id,
      issuer,
      subject: `system:serviceaccount:${this.namespace}:${this.serviceAccountName}`,
      audience: [TOKEN_AUDIENCE],
    });
  }
}

/** Audience Entra asks of every federated token. */
const TOKEN_AUDIENCE = 'api://AzureADTokenExchange';

import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { RoleDefinition } from '@cdktf/provider-azurerm/lib/role-definition';
import type { ChannelScope, IModelStoreGrants, ModelScope } from '../contracts';
import type { ModelStore } from './model-store';
import type { WorkloadIdentity } from './workload-identity';

const BLOBS = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';

/**
 * What is written is at one of these paths; a * in them stands for any characters, slashes too.
 * https://learn.microsoft.com/azure/role-based-access-control/conditions-format
 */
function writesOnly(paths: readonly string[]): string {
  return `(
  (
    !(ActionMatches{'${BLOBS}/write'})
    AND
    !(ActionMatches{'${BLOBS}/add/action'})
  )
  OR
  (
    ${paths.map((path) => `@Resource[${BLOBS}:path] StringLike '${path}'`).join('\n    OR\n    ')}
  )
)`;
}

/** Permissions on one store, scoped to its container. */
export class ModelStoreGrants implements IModelStoreGrants<WorkloadIdentity> {
  constructor(private readonly store: ModelStore) {}

  read(identity: WorkloadIdentity): void {
    this.assign(identity, 'Read', { roleDefinitionName: 'Storage Blob Data Reader' });
  }

  write(identity: WorkloadIdentity, { model = '*' }: ModelScope = {}): void {
    this.assignWrites(identity, 'Write', [`${model}/versions/*`, `${model}/runs/*`]);
  }

  promote(identity: WorkloadIdentity, { model = '*', channel = '*' }: ChannelScope = {}): void {
    this.assignWrites(identity, 'Promote', [`${model}/channels/${channel}.json`]);
  }

  reportRollouts(identity: WorkloadIdentity, { model = '*', channel }: ChannelScope = {}): void {
    this.assignWrites(identity, 'ReportRollouts', [`${model}/rollouts/${channel ? `${channel}/` : ''}*`]);
  }

  private assignWrites(identity: WorkloadIdentity, verb: string, paths: readonly string[]): void {
    this.assign(identity, verb, {
      roleDefinitionId: this.writerRole.roleDefinitionResourceId,
      condition: writesOnly(paths),
      conditionVersion: '2.0',
    });
  }

  private assign(
    identity: WorkloadIdentity,
    verb: string,
    role: { roleDefinitionName: string } | { roleDefinitionId: string; condition: string; conditionVersion: '2.0' },
  ): void {
    // Beneath the identity and named after the store, because one identity may have grants on several stores.
    const id = `${this.store.node.id}${verb}`;
    identity.addPermission(
      new RoleAssignment(identity, id, {
        ...role,
        scope: this.store.container.id,
        principalId: identity.principalId,
        // Spares Entra's look-up, which fails in the first minutes of a new identity.
        principalType: 'ServicePrincipal',
      }),
    );
  }

  /** Storage Blob Data Contributor may delete, so the writer's role is one of our own, made on first use. */
  private get writerRole(): RoleDefinition {
    const made = this.store.node.tryFindChild('WriterRole');
    if (made) return made as RoleDefinition;
    const { resource, resourceGroup } = this.store;
    return new RoleDefinition(this.store, 'WriterRole', {
      // Role names are unique in a tenant; the account's name is unique in the world.
      name: `Model writer of ${resource.nameInput}`,
      description: 'Reads, adds and replaces blobs; deletes none.',
      scope: resourceGroup.id,
      assignableScopes: [resourceGroup.id],
      permissions: [
        {
          actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read'],
          dataActions: [`${BLOBS}/read`, `${BLOBS}/write`, `${BLOBS}/add/action`],
        },
      ],
    });
  }
}

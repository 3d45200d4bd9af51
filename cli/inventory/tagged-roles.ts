import { IAMClient, paginateListRoles, paginateListRoleTags } from '@aws-sdk/client-iam';
import type { TaggedResource } from './tagged-resources';

/** AWS' own, in every account that uses the service. */
const SERVICE_LINKED = '/aws-service-role/';

/**
 * Roles that have all of some tags, which the tagging API never answers for. IAM tells of a role's tags only when asked
 * for it by its name: a call for each role of the account.
 */
export async function* taggedRoles(
  region: string,
  tags: Readonly<Record<string, string>>,
): AsyncGenerator<TaggedResource> {
  const client = new IAMClient({ region });
  try {
    for await (const { Roles = [] } of paginateListRoles({ client }, {})) {
      for (const { Arn: arn = '', Path = '', RoleName } of Roles) {
        if (Path.startsWith(SERVICE_LINKED)) continue;
        const own = await tagsOf(client, RoleName);
        if (Object.entries(tags).every(([key, value]) => own[key] === value)) yield { arn, tags: own };
      }
    }
  } finally {
    client.destroy();
  }
}

async function tagsOf(client: IAMClient, RoleName: string | undefined): Promise<Record<string, string>> {
  const own: Record<string, string> = {};
  for await (const { Tags = [] } of paginateListRoleTags({ client }, { RoleName })) {
    for (const { Key = '', Value = '' } of Tags) own[Key] = Value;
  }
  return own;
}

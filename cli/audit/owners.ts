import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import type { Finding } from './finding';

/** ARNs that one request may name. Source: GetResources of the Resource Groups Tagging API. */
const ARNS_A_REQUEST = 100;

/** Adds the tags that resources have to what is found about them, where the finding doesn't know them. */
export async function withTags(findings: readonly Finding[], region: string): Promise<Finding[]> {
  const unknown = findings.filter(({ resource, tags }) => resource.startsWith('arn:') && !tags.owner);
  const arns = [...new Set(unknown.map(({ resource }) => resource))];
  const tags = new Map<string, Record<string, string>>();
  const client = new ResourceGroupsTaggingAPIClient({ region });
  try {
    for (let first = 0; first < arns.length; first += ARNS_A_REQUEST) {
      const ResourceARNList = arns.slice(first, first + ARNS_A_REQUEST);
      const { ResourceTagMappingList = [] } = await client.send(new GetResourcesCommand({ ResourceARNList }));
      for (const { ResourceARN = '', Tags = [] } of ResourceTagMappingList) {
        tags.set(ResourceARN, Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])));
      }
    }
  } finally {
    client.destroy();
  }
  return findings.map((finding) => ({ ...finding, tags: { ...tags.get(finding.resource), ...finding.tags } }));
}

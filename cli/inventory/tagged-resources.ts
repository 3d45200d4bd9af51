import { paginateGetResources, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';

/** A resource that AWS says has tags. */
export interface TaggedResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What has all of some tags in a region, a page of 100 at a time, so that an account of any size fits. Global services
 * such as CloudFront answer in us-east-1.
 */
export async function* taggedResources(
  region: string,
  tags: Readonly<Record<string, string>>,
): AsyncGenerator<TaggedResource> {
  const client = new ResourceGroupsTaggingAPIClient({ region });
  const TagFilters = Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] }));
  try {
    for await (const page of paginateGetResources({ client, pageSize: 100 }, { TagFilters })) {
      for (const { ResourceARN = '', Tags = [] } of page.ResourceTagMappingList ?? []) {
        yield { arn: ResourceARN, tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])) };
      }
    }
  } finally {
    client.destroy();
  }
}

import type { CloudtrailAdvancedEventSelector } from '@cdktf/provider-aws/lib/cloudtrail';

/** All management events, and those of the objects of some buckets. */
export function eventSelectors(bucketArns: readonly string[]): CloudtrailAdvancedEventSelector[] {
  const management = {
    name: 'Management events',
    fieldSelector: [{ field: 'eventCategory', equalTo: ['Management'] }],
  };
  if (bucketArns.length === 0) return [management];
  const objects = {
    name: 'Objects',
    fieldSelector: [
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
      { field: 'resources.ARN', startsWith: bucketArns.map((arn) => `${arn}/`) },
    ],
  };
  return [management, objects];
}

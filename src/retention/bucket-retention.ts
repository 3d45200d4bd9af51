import { type Fields, walk } from '../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';

/** What a bucket keeps for ever, and the argument that ends it; undefined when everything has an end. */
export function unboundedBucket(bucket: SynthesizedResource, stack: SynthesizedStack): string | undefined {
  const rules = stack
    .ofType('aws_s3_bucket_lifecycle_configuration')
    .filter(({ block }) => stack.referredBy(block.bucket).includes(bucket))
    .flatMap(({ block }) => list(block.rule))
    .filter(({ status }) => status === 'Enabled');
  if (!rules.some((rule) => ends(rule, 'expiration') && !isPartial(rule))) {
    const some = rules.filter((rule) => ends(rule, 'expiration')).flatMap(prefixes);
    const what = some.length === 0 ? 'objects' : `objects outside ${some.join(', ')}`;
    return `keeps ${what} for ever: it has no lifecycle rule that expires all of them. Add one with expiration.days`;
  }
  if (
    isVersioned(bucket, stack) &&
    !rules.some((rule) => ends(rule, 'noncurrent_version_expiration') && !isPartial(rule))
  ) {
    return 'keeps versions that were replaced for ever. Add a lifecycle rule with noncurrent_version_expiration.noncurrent_days';
  }
  return undefined;
}

function isVersioned(bucket: SynthesizedResource, stack: SynthesizedStack): boolean {
  return stack
    .ofType('aws_s3_bucket_versioning')
    .some(
      ({ block }) =>
        stack.referredBy(block.bucket).includes(bucket) &&
        walk(block, ['versioning_configuration', 0, 'status']) === 'Enabled',
    );
}

const ends = (rule: Fields, what: string) =>
  list(rule[what]).some(({ days, noncurrent_days, date }) => days ?? noncurrent_days ?? date);

/** Whether a rule is for some objects only: those of a prefix, with a tag or of a size. */
const isPartial = (rule: Fields) => list(rule.filter).some((filter) => Object.keys(filter).length > 0) || rule.prefix;

function prefixes(rule: Fields): string[] {
  const filters = list(rule.filter).map((filter) => filter.prefix ?? walk(filter, ['and', 0, 'prefix']));
  return [rule.prefix, ...filters].filter((prefix): prefix is string => typeof prefix === 'string' && prefix !== '');
}

/** Blocks, whether they come once or more often. */
function list(blocks: unknown): Fields[] {
  return (Array.isArray(blocks) ? blocks : [blocks]).filter((block) => typeof block === 'object' && block !== null);
}

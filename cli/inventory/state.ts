import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from '../failure';

/** Terraform's state, version 4, as far as it says what there is. */
const State = z.object({
  version: z.literal(4),
  resources: z.array(
    z.object({
      mode: z.enum(['managed', 'data']),
      type: z.string(),
      name: z.string(),
      module: z.string().optional(),
      instances: z.array(
        z.object({
          index_key: z.union([z.string(), z.number()]).optional(),
          attributes: z.record(z.string(), z.unknown()).nullish(),
        }),
      ),
    }),
  ),
});

/** Where AWS answers for what is global. */
export const GLOBAL_REGION = 'us-east-1';

/** Attributes that hold a resource's own ARN, of those that don't call it `arn`. */
const ARN_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_dms_endpoint: 'endpoint_arn',
  aws_dms_replication_instance: 'replication_instance_arn',
  aws_dms_replication_subnet_group: 'replication_subnet_group_arn',
  aws_dms_replication_task: 'replication_task_arn',
  aws_eks_access_entry: 'access_entry_arn',
  aws_eks_pod_identity_association: 'association_arn',
};

/** A resource of AWS that a state knows, with the tags that it was made with. */
export interface StateResource {
  /** `aws_s3_bucket.Models` */
  readonly address: string;
  readonly type: string;
  readonly arn: string;
  /** What is global counts as of `GLOBAL_REGION`. */
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The resources with an ARN in a state.
 *
 * @param place a file, or `s3://bucket/key`, with credentials from the AWS SDK
 * @throws UsageError when it isn't there, or is no state
 */
export async function readState(place: string): Promise<StateResource[]> {
  return parseState(await textAt(place), place);
}

/** @throws UsageError when the text is no state of version 4 */
export function parseState(text: string, place: string): StateResource[] {
  const state = State.safeParse(json(text));
  if (!state.success) throw new UsageError(`${place} is no Terraform state of version 4.`);
  const resources = state.data.resources.filter(({ mode, type }) => mode === 'managed' && type.startsWith('aws_'));
  const subnets = resources.filter(({ type }) => type === 'aws_subnet').flatMap(({ instances }) => instances);
  const subnetArn = (id: unknown) => subnets.find(({ attributes }) => attributes?.id === id)?.attributes?.arn;
  return resources.flatMap(({ type, name, module, instances }) =>
    instances.flatMap(({ index_key, attributes }) => {
      const arn =
        type === 'aws_nat_gateway'
          ? natGatewayArn(attributes?.id, subnetArn(attributes?.subnet_id))
          : attributes?.[ARN_ATTRIBUTES[type] ?? 'arn'];
      if (typeof arn !== 'string' || !arn.startsWith('arn:')) return [];
      const index = index_key === undefined ? '' : `[${JSON.stringify(index_key)}]`;
      const tags = z.record(z.string(), z.string()).catch({}).parse(attributes?.tags_all);
      const address = `${module ? `${module}.` : ''}${type}.${name}${index}`;
      return [{ address, type, arn, region: regionOf(arn, attributes?.region), tags }];
    }),
  );
}

/** A state holds a NAT gateway's id alone; it is where its subnet is. */
function natGatewayArn(id: unknown, subnetArn: unknown): string | undefined {
  return typeof subnetArn === 'string' ? subnetArn.replace(/:subnet\/.*/, `:natgateway/${id}`) : undefined;
}

/** A bucket has a region, and its ARN has none. */
function regionOf(arn: string, attribute: unknown): string {
  return arn.split(':')[3] || (typeof attribute === 'string' && attribute) || GLOBAL_REGION;
}

async function textAt(place: string): Promise<string> {
  if (!place.startsWith('s3://')) return readFile(place, 'utf8');
  const { openObjectStore } = await import('@cdktf-recommender/model-registry');
  const slash = place.lastIndexOf('/');
  const store = await openObjectStore(place.slice(0, slash));
  const found = await store.get(place.slice(slash + 1));
  if (!found) throw new UsageError(`there is no ${place}.`);
  return found.body.toString('utf8');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

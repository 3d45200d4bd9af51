import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CompareOptions, compare } from '../../cli/inventory/compare';
import { parseState, type StateResource } from '../../cli/inventory/state';
import type { TaggedResource } from '../../cli/inventory/tagged-resources';
import { recommender } from './recommender';

const TAGS = { project: 'shop', environment: 'prod' };
const QUEUE = 'arn:aws:sqs:us-east-1:111122223333:events';
const inState = (arn: string, type = 'aws_sqs_queue', tags: Record<string, string> = TAGS): StateResource => ({
  address: `${type}.One`,
  type,
  arn,
  region: arn.split(':')[3] || 'us-east-1',
  tags,
});
const inAccount = (arn: string, tags: Record<string, string> = {}): TaggedResource => ({
  arn,
  tags: { ...TAGS, ...tags },
});
const compared = (options: Partial<CompareOptions>) =>
  compare({ states: [], tagged: [], tags: TAGS, region: 'us-east-1', ...options });
const NOTHING = { known: 0, orphans: [], madeByServices: [], gone: [], unseen: [] };

describe('what an account has, held against states', () => {
  it('is known when both have it, whichever of two ways its ARN is written', async () => {
    expect(await compared({ states: [inState(QUEUE)], tagged: [inAccount(QUEUE)] })).toEqual({ ...NOTHING, known: 1 });
    const group = 'arn:aws:logs:us-east-1:111122223333:log-group:/shop';
    const states = [inState(group, 'aws_cloudwatch_log_group')];
    expect(await compared({ states, tagged: [inAccount(`${group}:*`)] })).toEqual({ ...NOTHING, known: 1 });
  });

  it('is an orphan when no state knows it, and is said once', async () => {
    const tagged = [inAccount(QUEUE), inAccount(QUEUE)];
    expect(await compared({ tagged })).toEqual({ ...NOTHING, orphans: [QUEUE] });
  });

  it('is an orphan too when it is a subnet that tells a cluster where load balancers go', async () => {
    const subnet = 'arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1';
    const tagged = [inAccount(subnet, { 'kubernetes.io/role/elb': '1' })];
    expect(await compared({ tagged })).toEqual({ ...NOTHING, orphans: [subnet] });
  });

  it.each([
    'aws:autoscaling:groupName',
    'eks:cluster-name',
    'kubernetes.io/cluster/shop-prod',
    'ebs.csi.aws.com/cluster',
  ])('is made by a service when it has the tag %s', async (tag) => {
    const node = 'arn:aws:ec2:us-east-1:111122223333:instance/i-1';
    expect(await compared({ tagged: [inAccount(node, { [tag]: 'x' })] })).toEqual({
      ...NOTHING,
      madeByServices: [node],
    });
  });

  it('is gone when its type is answered for, and unseen when it is not', async () => {
    const queue = inState(QUEUE);
    const role = inState('arn:aws:iam::111122223333:role/scoring', 'aws_iam_role');
    const group = inState('arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:g', 'aws_autoscaling_group');
    const states = [queue, role, group];
    expect(await compared({ states })).toEqual({ ...NOTHING, gone: [queue, role], unseen: [group] });
  });

  it('is gone too when another of its type was answered for', async () => {
    const [one, other] = ['a', 'b'].map((name) =>
      inState(`arn:aws:new:us-east-1:111122223333:thing/${name}`, 'aws_new_thing'),
    ) as [StateResource, StateResource];
    expect(await compared({ states: [one, other], tagged: [inAccount(one.arn)] })).toEqual({
      ...NOTHING,
      known: 1,
      gone: [other],
    });
  });

  it('leaves alone what was not asked for: another region, another environment', async () => {
    const states = [
      inState(QUEUE.replace('us-east-1', 'eu-west-1')),
      inState(QUEUE, 'aws_sqs_queue', { project: 'shop', environment: 'dev' }),
    ];
    expect(await compared({ states })).toEqual(NOTHING);
    expect((await compared({ states, region: 'eu-west-1' })).gone).toEqual([states[0]]);
  });

  it('takes pages as they come: a hundred thousand resources', async () => {
    async function* many(): AsyncGenerator<TaggedResource> {
      for (let index = 0; index < 100_000; index++) yield inAccount(`${QUEUE}-${index}`);
    }
    const states = Array.from({ length: 100_000 }, (_, index) => inState(`${QUEUE}-${index + 1}`));
    const { known, orphans, gone } = await compared({ states, tagged: many() });
    expect({ known, orphans, gone: gone.map(({ arn }) => arn) }).toEqual({
      known: 99_999,
      orphans: [`${QUEUE}-0`],
      gone: [`${QUEUE}-100000`],
    });
  });
});

describe('a state', () => {
  const resource = (more: object) => ({
    mode: 'managed',
    type: 'aws_sqs_queue',
    name: 'Queue',
    instances: [{ attributes: { arn: QUEUE, tags_all: TAGS } }],
    ...more,
  });
  const parsed = (...resources: object[]) => parseState(JSON.stringify({ version: 4, resources }), 'here');

  it('is read by address, with the tags that each thing was made with', () => {
    expect(parsed(resource({}))).toEqual([inState(QUEUE)].map((one) => ({ ...one, address: 'aws_sqs_queue.Queue' })));
    const instances = [{ index_key: 'a', attributes: { arn: QUEUE, tags_all: null } }];
    expect(parsed(resource({ module: 'module.m', instances }))).toEqual([
      {
        address: 'module.m.aws_sqs_queue.Queue["a"]',
        type: 'aws_sqs_queue',
        arn: QUEUE,
        region: 'us-east-1',
        tags: {},
      },
    ]);
  });

  it('says the region of what has none in its ARN: a bucket is somewhere, a distribution everywhere', () => {
    const regions = parsed(
      resource({ type: 'aws_s3_bucket', instances: [{ attributes: { arn: 'arn:aws:s3:::m', region: 'eu-west-1' } }] }),
      resource({ instances: [{ attributes: { arn: 'arn:aws:cloudfront::111122223333:distribution/E1' } }] }),
    ).map(({ region }) => region);
    expect(regions).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('names what calls its ARN otherwise, and a NAT gateway, which has none, by its subnet', () => {
    const entry = 'arn:aws:eks:us-east-1:111122223333:access-entry/shop-prod/role/111122223333/deploy/1';
    const subnet = 'arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1';
    const found = parsed(
      resource({ type: 'aws_eks_access_entry', instances: [{ attributes: { access_entry_arn: entry } }] }),
      resource({ type: 'aws_subnet', instances: [{ attributes: { id: 'subnet-1', arn: subnet } }] }),
      resource({ type: 'aws_nat_gateway', instances: [{ attributes: { id: 'nat-1', subnet_id: 'subnet-1' } }] }),
    );
    expect(found.map(({ arn }) => arn)).toEqual([entry, subnet, 'arn:aws:ec2:us-east-1:111122223333:natgateway/nat-1']);
  });

  it('counts no data source, nothing of other providers, nothing without an ARN', () => {
    const others = [
      resource({ mode: 'data' }),
      resource({ type: 'helm_release' }),
      resource({ instances: [{ attributes: { id: 'x' } }] }),
    ];
    expect(parsed(...others)).toEqual([]);
    expect(parsed(...others, resource({}))).toHaveLength(1);
  });

  it.each(['', '{}', '{"version":3,"resources":[]}'])('fails when it is none: %s', (text) => {
    expect(() => parseState(text, 'here')).toThrow('here is no Terraform state of version 4.');
  });
});

describe('recommender inventory', () => {
  const run = (...args: string[]) =>
    recommender(['inventory', '--region', 'us-east-1', '--project', 'shop', '--environment', 'prod', ...args]);

  it('exits with 2 when a state is none, or is not there, before it asks anybody', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'inventory-'));
    try {
      const file = join(folder, 'not-a.tfstate');
      await writeFile(file, 'not a state');
      expect(await run('--state', file)).toMatchObject({
        exitCode: 2,
        stderr: `recommender: ${file} is no Terraform state of version 4.\n`,
      });
      expect((await run('--state', join(folder, 'none'))).exitCode).toBe(2);
      expect((await run()).stderr).toContain("required option '--state <places...>' not specified");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

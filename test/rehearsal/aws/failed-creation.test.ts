import type { OpenStack } from '@cdktf-recommender/rehearsal';
import { Adoption } from '../../../bench/reliability/aws/adoption';
import { openArea } from './rehearsed-area';

const MINUTES = 10 * 60_000;

describe('add-ons that EKS has made and not told of, which the nodes of a cluster need', () => {
  let stack: OpenStack;
  beforeAll(async () => {
    stack = await openArea('cluster-alone');
    await stack.moto.fail({ seed: 0, share: 1, kinds: ['error'], operations: ['DescribeAddon'] });
    await expect(stack.apply()).rejects.toThrow('waiting for EKS Add-On (shop-prod:kube-proxy) create');
    await stack.moto.fail();
  }, MINUTES);
  afterAll(() => stack?.stop());

  it(
    'would be made a second time before they are deleted, which EKS refuses',
    async () => {
      await expect(stack.apply()).rejects.toThrow('ResourceInUseException');
    },
    MINUTES,
  );

  it(
    'are made anew where somebody has deleted them, and taken as they are where they are untainted',
    async () => {
      const parameters = { clusterName: 'shop-prod', addonName: 'kube-proxy' };
      await stack.moto.call({ service: 'eks', operation: 'delete_addon', parameters });
      const adoption = new Adoption(stack);
      await adoption.adopt();
      expect([...adoption.untainted]).toEqual([
        expect.stringMatching(/^aws_eks_addon\.Cluster_AddOns_PodIdentityAgent_/),
      ]);
      await stack.apply();
      expect((await stack.plan()).changes).toEqual([]);
    },
    MINUTES,
  );
});

import type { OpenStack } from '@cdktf-recommender/rehearsal';
import { Adoption } from '../../../bench/reliability/aws/adoption';
import { openArea } from './rehearsed-area';

const MINUTES = 10 * 60_000;

// What docs/failed-deploys.md says of what is tainted.
describe('what AWS has made and not told of, and the nodes of a cluster need', () => {
  let stack: OpenStack;
  beforeAll(async () => {
    stack = await openArea('cluster-alone');
  }, MINUTES);
  afterAll(() => stack?.stop());

  /** An apply that ends where an operation fails, on an AWS that answers again. */
  async function applyWithout(operation: string): Promise<void> {
    await stack.moto.fail({ seed: 0, share: 1, kinds: ['error'], operations: [operation] });
    await expect(stack.apply()).rejects.toThrow(`${operation}, exceeded maximum number of attempts`);
    await stack.moto.fail();
  }

  it(
    'would be put a second time and then deleted, which leaves a role without its policy, until it is untainted',
    async () => {
      await applyWithout('GetRolePolicy');
      const { changes } = await stack.plan();
      const policy = changes.find(({ address }) => address.startsWith('aws_iam_role_policy.Cluster_EncryptSecrets_'));
      expect(policy).toMatchObject({ actions: ['create', 'delete'], reason: 'replace_because_tainted' });
      const adoption = new Adoption(stack);
      await adoption.adopt();
      expect([...adoption.untainted]).toEqual([policy?.address]);
    },
    MINUTES,
  );

  it(
    'would be made a second time under a name that is taken',
    async () => {
      await applyWithout('DescribeAddon');
      await expect(stack.apply()).rejects.toThrow('ResourceInUseException');
    },
    MINUTES,
  );

  it(
    'is made anew where somebody has deleted it, and taken as it is where it is untainted',
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

import { apply, type ControlPlane, difference, startControlPlane } from '@cdktf-recommender/rehearsal';
import { nodeClass, nodePool } from '../../../constructs/aws/cluster/karpenter/karpenter-objects';
import { CHARTS } from '../../../constructs/kubernetes/charts';
import { installKindsOf, moduleName } from './operators-crds';

const NODE_CLASS = {
  image: 'bottlerocket@v1.50.0',
  instanceProfile: 'shop-prod-karpenter-node',
  subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
  securityGroupId: 'sg-0a1b2c3d4e5f60718',
  tags: { owner: 'shop-platform', Name: 'shop-prod-karpenter-node' },
} as const;
const NODE_POOL = { architecture: 'arm64', capacity: ['spot', 'on-demand'], maxVcpus: 64, maxMemoryGib: 256 } as const;

describe("Karpenter's objects, by its own definitions of their kinds and their rules", () => {
  let controlPlane: ControlPlane;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ onProgress: (line) => console.error(line) });
    await installKindsOf(controlPlane, 'karpenter');
  }, 1_800_000);
  afterAll(() => controlPlane?.stop());

  test('the definitions are of the version that the chart installs', () => {
    expect(moduleName('karpenter')).toBe(`github.com/aws/karpenter-provider-aws v${CHARTS.karpenter.version}`);
  });

  test.each(['bottlerocket@v1.50.0', 'al2023@v20261106'] as const)(
    'nodes of %s are taken, and applying them again changes nothing',
    async (image) => {
      const objects = [nodeClass({ ...NODE_CLASS, image }), nodePool(NODE_POOL)];
      expect(await apply(controlPlane, objects)).toHaveLength(2);
      expect(await difference(controlPlane, objects)).toBe('');
    },
  );

  test('an image without a release of its family is refused', async () => {
    const image = 'windows2000@v1' as typeof NODE_CLASS.image;
    await expect(apply(controlPlane, [nodeClass({ ...NODE_CLASS, image })])).rejects.toThrow(/family|alias/);
  });

  test("a tag of Karpenter's own is refused", async () => {
    const tags = { 'karpenter.sh/nodepool': 'mine' };
    await expect(apply(controlPlane, [nodeClass({ ...NODE_CLASS, tags })])).rejects.toThrow(/karpenter\.sh\/nodepool/);
  });

  test('a field that the kind does not have is refused', async () => {
    const pool = nodePool(NODE_POOL);
    const wrong = { ...pool, spec: { ...pool.spec, notOfThisKind: true } };
    await expect(apply(controlPlane, [wrong])).rejects.toThrow(/notOfThisKind/);
  });
});

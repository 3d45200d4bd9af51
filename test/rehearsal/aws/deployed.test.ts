import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AwsProd, openAwsProd } from '../../../bench/reliability/aws/aws-prod';
import { CHANGES, Deployed } from '../../../bench/reliability/aws/changes';
import { drifted } from '../../../bench/reliability/aws/drift';
import { recommender } from '../../cli/recommender';
import { checkovVerdict } from '../checkov-policy';

interface PlannedResource {
  readonly address: string;
  readonly values: {
    readonly tags_all?: Record<string, string> | null;
    readonly tag_specifications?: Specification[];
    readonly configuration_values?: string;
  };
}
interface Specification {
  readonly resource_type: string;
  readonly tags: Record<string, string>;
}

const MINUTE = 60_000;

/** What whoever deploys may have in the environment, and nothing may keep. */
const PLANTED = {
  GITHUB_TOKEN: 'ghp_planted8Zk2mQ4vT6xY1wB3nC5dE7fG9hJ0kL',
  DATABASE_URL: 'postgresql://recommender:planted-pXq7@db.example.com/shop',
  REDIS_PASSWORD: 'planted-redis-w8Vt3',
  TF_TOKEN_app_terraform_io: 'planted.atlasv1.m2Ls9',
  TF_VAR_admin_password: 'planted-variable-k4Rn6',
};

describe('aws-prod, deployed', () => {
  let prod: AwsProd;
  let plan: string;
  beforeAll(async () => {
    prod = await openAwsProd({ onNote: console.log, environment: PLANTED });
    await prod.stack.apply();
    const second = await prod.stack.plan();
    expect(second.changes).toEqual([]);
    plan = second.json;
  }, 15 * MINUTE);
  afterAll(() => prod?.close());

  const planned = () => JSON.parse(plan).planned_values.root_module.resources as PlannedResource[];

  it('carries whose it is, which environment it is and who pays, wherever AWS takes tags', () => {
    const tags = {
      project: 'recommender',
      environment: 'prod',
      owner: 'shop-platform',
      'cost-center': 'recommender',
      'managed-by': 'cdktf-recommender',
    };
    const taggable = planned().filter(({ values }) => 'tags_all' in values);
    expect(taggable.length).toBeGreaterThan(40);
    for (const { address, values } of taggable)
      expect({ address, ...values.tags_all }).toMatchObject({ address, ...tags });
    const nodes = planned().flatMap(({ values }) => values.tag_specifications ?? []);
    expect(nodes.map(({ resource_type }) => resource_type).sort()).toEqual(['instance', 'network-interface', 'volume']);
    for (const made of nodes) expect(made.tags).toMatchObject(tags);
    // The driver makes volumes later, with the tags of its configuration.
    const driver = planned().find(({ address }) => address.includes('AddOns_EbsCsiDriver'));
    expect(JSON.parse(driver?.values.configuration_values ?? '')).toMatchObject({
      controller: { extraVolumeTags: tags },
    });
  });

  it('keeps no secret of who deploys it in state, plan or log', async () => {
    const kept = {
      state: JSON.stringify(await prod.stack.inState()),
      plan,
      outputs: (await prod.stack.terraform('output', '-json')).stdout,
      log: readFileSync(prod.stack.logFile, 'utf8'),
    };
    expect(kept.log).toContain('Apply complete!');
    expect(kept.state).toContain('aws_eks_cluster');
    for (const [name, value] of Object.entries(PLANTED))
      for (const [where, text] of Object.entries(kept))
        expect({ name, where, found: text.includes(value) }).toEqual({ name, where, found: false });
  });

  it(
    "keeps checkov's rules, but for the exceptions that say why, each of which is needed",
    async () => {
      const { passed, broken, unneeded } = await checkovVerdict('aws-prod', plan);
      process.stdout.write(`checkov, aws-prod: ${passed} passed\n`);
      expect({ broken, unneeded }).toEqual({ broken: [], unneeded: [] });
      expect(passed).toBeGreaterThan(200);
    },
    10 * MINUTE,
  );

  it(
    'tells by `recommender plan` what somebody changed, by construct and argument, and that all is as it was after an apply',
    async () => {
      const folder = dirname(prod.stack.logFile);
      const told = async (json: string) => {
        writeFileSync(join(folder, 'plan.json'), json);
        const options = ['--file', join(folder, 'plan.json'), '--outdir', join(folder, 'cdktf.out')];
        return recommender(['plan', 'aws-prod', '--drift', '--json', ...options]);
      };
      const change = CHANGES.find(({ type }) => type === 'aws_s3_bucket_versioning');
      const deployed = new Deployed(await prod.stack.inState());
      for (const call of change?.calls(deployed) ?? []) await prod.stack.moto.call(call);
      const { exitCode, stdout, stderr } = await told((await prod.stack.plan()).json);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringContaining('aws-prod is not as it was deployed: 1 to change.'),
      });
      const status = { argument: 'versioning_configuration[0].status', replaces: false };
      const construct = expect.stringMatching(/^aws-prod\/ModelStore\//);
      expect(JSON.parse(stdout)).toMatchObject({
        changes: [
          { action: 'change', construct, differences: [{ ...status, before: '"Suspended"', after: '"Enabled"' }] },
        ],
        changedOutside: [{ construct, differences: [{ ...status, before: '"Enabled"', after: '"Suspended"' }] }],
      });
      await prod.stack.applyPlanned();
      expect(await told((await prod.stack.plan()).json)).toMatchObject({ exitCode: 0, stderr: '' });
    },
    5 * MINUTE,
  );

  it(
    'shows by a plan each change that somebody makes behind its back, and an apply puts it right',
    async () => {
      const found = await drifted(prod.stack, console.log);
      expect(found.filter(({ named }) => !named)).toEqual([]);
      expect(found.filter(({ repaired }) => !repaired)).toEqual([]);
      expect(found).toHaveLength(CHANGES.length);
      expect(CHANGES.length).toBeGreaterThanOrEqual(25);
      expect((await prod.stack.plan()).changes).toEqual([]);
    },
    30 * MINUTE,
  );
});

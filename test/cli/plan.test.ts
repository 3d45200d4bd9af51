import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planComment, planText } from '../../cli/plan/plan-text';
import { changedOutside, plannedChanges } from '../../cli/plan/planned-changes';
import { parsePlan } from '../../cli/plan/terraform-plan';
import { recommender } from './recommender';

/** A change as Terraform's JSON has it. */
function change(address: string, actions: string[], more: object = {}) {
  const [type = '', name = ''] = address.split('.');
  const unchanged = {
    before: null,
    after: null,
    after_unknown: {},
    before_sensitive: {},
    after_sensitive: {},
  };
  return {
    address,
    mode: 'managed',
    type,
    name,
    change: { actions, ...unchanged, ...more },
  };
}

const asJson = (changes: object[], drift: object[] = []) =>
  JSON.stringify({
    format_version: '1.2',
    resource_changes: changes,
    resource_drift: drift,
    errored: false,
  });
const PATHS = new Map([
  ['aws_s3_bucket.Models', 'shop/ModelStore/Resource'],
  ['aws_eks_node_group.Nodes', 'shop/Cluster/NodeGroup/Resource'],
  ['aws_sqs_queue.A', 'shop/Events/A'],
  ['aws_sqs_queue.B', 'shop/Events/B'],
  ['aws_iam_role.Reader', 'shop/Events/Reader/Role'],
]);
const changesOf = (...changes: object[]) => plannedChanges(parsePlan(asJson(changes), 'a test'), PATHS);

const NODES = change('aws_eks_node_group.Nodes', ['update'], {
  before: {
    scaling_config: [{ max_size: 10, min_size: 2 }],
    labels: { team: 'a' },
    arn: 'arn:1',
  },
  after: { scaling_config: [{ max_size: 18, min_size: 2 }], labels: {} },
  after_unknown: { arn: true },
});
const MODELS = change('aws_s3_bucket.Models', ['delete', 'create'], {
  before: { bucket: 'shop-models', id: 'shop-models' },
  after: { bucket: 'shop-versions' },
  after_unknown: { id: true },
  replace_paths: [['bucket']],
});

describe('what a plan changes', () => {
  test('is told by argument, without what the cloud tells by itself', () => {
    const [nodes] = changesOf(NODES);
    expect(nodes).toEqual({
      address: 'aws_eks_node_group.Nodes',
      type: 'aws_eks_node_group',
      construct: 'shop/Cluster/NodeGroup/Resource',
      action: 'change',
      losesData: false,
      differences: [
        {
          argument: 'scaling_config[0].max_size',
          before: '10',
          after: '18',
          replaces: false,
        },
        {
          argument: 'labels.team',
          before: '"a"',
          after: 'none',
          replaces: false,
        },
      ],
    });
  });

  test('names the argument that makes a resource anew, also when its value is not known yet', () => {
    expect(changesOf(MODELS)[0]).toMatchObject({
      action: 'replace',
      losesData: true,
      differences: [
        {
          argument: 'bucket',
          before: '"shop-models"',
          after: '"shop-versions"',
          replaces: true,
        },
      ],
    });
    const moved = change('aws_subnet.A', ['create', 'delete'], {
      before: { vpc_id: 'vpc-1' },
      after: {},
      after_unknown: { vpc_id: true },
      replace_paths: [['vpc_id']],
    });
    expect(changesOf(moved)[0]?.differences).toEqual([
      {
        argument: 'vpc_id',
        before: '"vpc-1"',
        after: 'known after apply',
        replaces: true,
      },
    ]);
  });

  test.each([
    ['a whole value', { password: true }, {}],
    ['what it becomes', {}, { password: true }],
    ['a block', { login: true }, { login: true }],
    ['a value in a list', { keys: [false, true] }, { keys: [false, true] }],
  ])('shows nothing of %s that is sensitive', (_, before_sensitive, after_sensitive) => {
    const secret = (text: string) => ({
      password: text,
      login: { token: text },
      keys: ['public', text],
    });
    const [first] = changesOf(
      change('aws_x.A', ['update'], {
        before: secret('hush-1'),
        after: secret('hush-2'),
        before_sensitive,
        after_sensitive,
      }),
    );
    const marked = Object.keys({ ...before_sensitive, ...after_sensitive })[0] ?? '';
    const shown = first?.differences.filter(({ argument }) => argument.startsWith(marked)) ?? [];
    expect(shown.map(({ before, after }) => [before, after])).toEqual([['sensitive', 'sensitive']]);
  });

  test('comes with the gravest first, and without what stays, is read, or is only a data source', () => {
    const changes = changesOf(
      change('aws_sqs_queue.A', ['create']),
      change('aws_sqs_queue.Same', ['no-op']),
      { ...change('aws_ami.Newest', ['read']), mode: 'data' },
      {
        ...change('aws_sqs_queue.New', ['no-op']),
        previous_address: 'aws_sqs_queue.Old',
      },
      change('aws_sqs_queue.Gone', ['forget']),
      change('aws_kms_key.Old', ['delete']),
      NODES,
      MODELS,
    );
    expect(changes.map(({ action, losesData }) => [action, losesData])).toEqual([
      ['destroy', true],
      ['replace', true],
      ['change', false],
      ['create', false],
      ['move', false],
      ['forget', false],
    ]);
  });

  test('is apart from what was changed outside, of what it changes, which loses nothing by itself', () => {
    const gone = change('aws_s3_bucket.Models', ['delete'], { before: { bucket: 'shop-models' } });
    const filledIn = change('aws_sqs_queue.A', ['update'], { before: { tags: null }, after: { tags: {} } });
    const plan = parsePlan(asJson([change('aws_s3_bucket.Models', ['create'])], [gone, filledIn]), 'a test');
    expect(plannedChanges(plan, PATHS)).toMatchObject([{ action: 'create' }]);
    expect(changedOutside(plan, PATHS)).toMatchObject([{ action: 'destroy', losesData: false }]);
  });

  test('is nothing where a provider turns one emptiness into another', () => {
    const values = { before: { tags: null, name: '', list: [] }, after: { tags: {}, list: null } };
    expect(changesOf(change('aws_sqs_queue.A', ['update'], values))[0]?.differences).toEqual([]);
  });
});

describe('its text', () => {
  const changes = changesOf(
    NODES,
    MODELS,
    change('aws_sqs_queue.A', ['create']),
    change('aws_sqs_queue.B', ['create']),
    change('aws_iam_role.Reader', ['create']),
  );

  test('names what changes, and counts what is created', () => {
    expect(planText({ stack: 'shop', changes, changedOutside: [] })).toMatchInlineSnapshot(`
      "shop: 1 to replace (1 with data), 1 to change, 3 to create

      replace  shop/ModelStore/Resource, which holds data
               aws_s3_bucket.Models
                 bucket: "shop-models" → "shop-versions", which makes it anew
      change   shop/Cluster/NodeGroup/Resource
               aws_eks_node_group.Nodes
                 scaling_config[0].max_size: 10 → 18
                 labels.team: "a" → none

      create   shop/Events: 2 aws_sqs_queue, aws_iam_role"
    `);
  });

  test('is a comment for a pull request, in which no value is read as Markdown or HTML', () => {
    const odd = change('aws_x.A', ['update'], {
      before: { text: 'a' },
      after: { text: '<b>|' },
    });
    expect(
      planComment({
        stack: 'shop',
        changes: [...changes, ...changesOf(odd)],
        changedOutside: [],
      }),
    ).toMatchInlineSnapshot(`
      "**shop**: 1 to replace (1 with data), 2 to change, 3 to create

      | planned | construct | resource | arguments |
      | --- | --- | --- | --- |
      | **replace, with data** | shop/ModelStore/Resource | \`aws_s3_bucket.Models\` | bucket: "shop-models" → "shop-versions", which makes it anew |
      | change | shop/Cluster/NodeGroup/Resource | \`aws_eks_node_group.Nodes\` | scaling_config[0].max_size: 10 → 18<br>labels.team: "a" → none |
      | change | aws_x.A | \`aws_x.A\` | text: "a" → "&#60;b&#62;&#124;" |

      Created:

      - shop/Events: 2 aws_sqs_queue, aws_iam_role
      "
    `);
  });

  test('says when there is nothing', () => {
    expect(planText({ stack: 'shop', changes: [], changedOutside: [] })).toBe('shop: nothing to change');
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const run = (name: string, ...args: string[]) =>
    recommender(['plan', 'shop', '--file', name, '--outdir', folder, ...args]);
  beforeAll(() => {
    mkdirSync(join(folder, 'stacks/shop'), { recursive: true });
    const models = { '//': { metadata: { path: 'shop/ModelStore/Resource' } } };
    file('stacks/shop/cdk.tf.json', JSON.stringify({ resource: { aws_s3_bucket: { Models: models } } }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('refuses to lose data, unless it is told that it may', async () => {
    const plan = file('replaces.json', asJson([MODELS]));
    const { exitCode, stdout, stderr } = await run(plan);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        'recommender: the plan loses data: it would replace aws_s3_bucket.Models.\n' +
        '  Find out why; if it is meant, --allow aws_s3_bucket.Models\n',
    });
    expect(stdout).toContain('shop/ModelStore/Resource, which holds data');
    expect(await run(plan, '--allow', 'aws_s3_bucket.Models')).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect((await run(plan, '--allow', 'aws_s3_bucket.Other')).exitCode).toBe(1);
  });

  test('fails with --drift when anything would change', async () => {
    const changed = file('changes.json', asJson([NODES]));
    expect((await run(changed)).exitCode).toBe(0);
    expect(await run(changed, '--drift', '--json')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('shop is not as it was deployed: 1 to change.'),
    });
    const empty = file('empty.json', asJson([change('aws_sqs_queue.A', ['no-op'])]));
    expect(await run(empty, '--drift')).toMatchObject({
      exitCode: 0,
      stdout: 'shop: nothing to change\n',
    });
  });

  test.each([
    ['no JSON', 'Plan: 1 to add', 'is no plan as JSON, format 1'],
    ['a state', '{"format_version":"1.0","values":{}', 'is no plan as JSON'],
    ['of another format', '{"format_version":"2.0"}', 'is no plan as JSON, format 1'],
    ['of a plan that failed', '{"format_version":"1.2","errored":true}', 'is of a plan that ended with an error'],
  ])('refuses what is %s', async (name, text, message) => {
    const { exitCode, stdout, stderr } = await run(file(`${name}.json`, text));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('says which stack was not synthesized', async () => {
    const { exitCode, stderr } = await recommender(['plan', 'other', '--outdir', folder]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/there is no .*stacks\/other\/cdk\.tf\.json; 'cdktf synth other' writes it/),
    });
  });
});

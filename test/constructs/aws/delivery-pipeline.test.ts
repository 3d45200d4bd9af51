import { spawnSync } from 'node:child_process';
import {
  BlueGreenDeployment,
  DeliveryPipeline,
  type DeliveryPipelineProps,
  FargateService,
  type ModelStore,
} from '../../../constructs/aws';
import { modelStage, TEST_STAGE } from '../../../src';
import { hclOf, named, onAws, statements } from './fixtures';
import { serverProps } from './server-fixtures';

const CONNECTION = 'arn:aws:codeconnections:us-east-1:111122223333:connection/1';
const MODELS = modelStage({ data: 'data/online-retail.csv.gz', cut: '2011-10-01', requirements: { 'ndcg@10': 0.05 } });
const withProps = (props: Partial<DeliveryPipelineProps> = {}) =>
  onAws((stack) => {
    const server = serverProps(stack);
    const service = new FargateService(stack, 'Service', { ...server, rollout: 'code-deploy' });
    new DeliveryPipeline(stack, 'Delivery', {
      deliveryName: 'shop-prod',
      bucketName: 'shop-prod-delivery-111122223333',
      source: { connectionArn: CONNECTION, repository: 'shop/recommender' },
      repository: {
        arn: 'arn:aws:ecr:us-east-1:111122223333:repository/shop/model-server',
        repositoryUrl: '111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/model-server',
      },
      deployment: new BlueGreenDeployment(stack, 'Deployment', { service }),
      modelStore: server.modelStore as ModelStore,
      ...props,
    });
  });
const defaults = withProps();
const withAll = withProps({
  stages: [TEST_STAGE, MODELS],
  approvers: ['platform@shop.example.com'],
  source: { connectionArn: CONNECTION, repository: 'shop/recommender', branch: 'release', paths: ['model-server/**'] },
});

interface Action {
  readonly name: string;
  readonly provider: string;
  readonly run_order?: number;
  readonly configuration: Record<string, string>;
}

const pipeline = (template = defaults) => template.resource('aws_codepipeline');
const stages = (template = defaults) => pipeline(template).stage as { name: string; action: Action[] }[];
const action = (name: string, template = defaults) => {
  const found = stages(template).flatMap(({ action }) => action.filter((one) => one.name === name));
  if (found.length !== 1 || !found[0]) throw new Error(`expected one ${name}, found ${found.length}`);
  return found[0];
};
const project = (id: string, template = defaults) => named(template, 'aws_codebuild_project', `Delivery_${id}`);
const buildSpec = (id: string, template = defaults) =>
  JSON.parse((project(id, template).source as { buildspec: string }).buildspec);
const policy = (id: string, template = defaults) =>
  statements(named(template, 'aws_iam_role_policy', `Delivery_${id}`).policy);

describe('the pipeline', () => {
  test('goes from the source by tests and the image to CodeDeploy, one change after the other', () => {
    expect(stages().map(({ name, action }) => [name, action.map(({ provider }) => provider)])).toEqual([
      ['Source', ['CodeStarSourceConnection']],
      ['Test', ['CodeBuild']],
      ['Image', ['CodeBuild']],
      ['Deploy', ['CodeDeployToECS']],
    ]);
    expect(pipeline()).toMatchObject({ pipeline_type: 'V2', execution_mode: 'QUEUED' });
  });

  test('with stages and approvers, these come before the image and the deployment', () => {
    expect(stages(withAll).map(({ name, action }) => [name, action.map(({ name }) => name)])).toEqual([
      ['Source', ['source']],
      ['Test', ['test']],
      ['Model', ['evaluate', 'train']],
      ['Image', ['image']],
      ['Deploy', ['approve', 'deploy']],
    ]);
    expect(action('evaluate', withAll).run_order).toBe(1);
    expect(action('train', withAll).run_order).toBe(2);
    expect(action('approve', withAll).configuration.NotificationArn).toMatch(
      /aws_sns_topic\.Delivery_Approvers_Topic_/,
    );
  });

  test.each([
    ['main', undefined, defaults],
    ['release', { includes: ['model-server/**'] }, withAll],
  ])('begins with a push to %s that changes %j', (branch, paths, template) => {
    const [trigger] = pipeline(template).trigger as [{ git_configuration: { push: object[] } }];
    expect(trigger.git_configuration.push).toEqual([
      { branches: { includes: [branch] }, ...(paths && { file_paths: paths }) },
    ]);
    expect(action('source', template).configuration).toEqual({
      ConnectionArn: CONNECTION,
      FullRepositoryId: 'shop/recommender',
      BranchName: branch,
      DetectChanges: 'false',
    });
  });

  test('deploys the image by digest: the files name what the step of the image leaves', () => {
    const { configuration } = action('deploy');
    expect(configuration).toMatchObject({ Image1ArtifactName: 'image', Image1ContainerName: 'IMAGE1_NAME' });
    expect(buildSpec('Image').artifacts.files).toEqual([
      'imageDetail.json',
      configuration.TaskDefinitionTemplatePath,
      configuration.AppSpecTemplatePath,
    ]);
  });
});

describe('a step', () => {
  test('runs on arm64 without rights on its machine, but for the one that builds an image', () => {
    for (const [id, privileged] of [
      ['Test', false],
      ['Image', true],
    ] as const) {
      expect(project(id).environment).toMatchObject({
        type: 'ARM_CONTAINER',
        image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
        privileged_mode: privileged,
      });
    }
  });

  test('keeps what npm fetched, and writes to the delivery’s log', () => {
    expect(project('Test').cache).toMatchObject({ type: 'S3', location: expect.stringMatching(/\/cache\/test$/) });
    expect(buildSpec('Test').cache).toEqual({ paths: ['/root/.npm/**/*'] });
    expect(project('Test').logs_config).toEqual({
      cloudwatch_logs: { group_name: '/recommender/shop-prod/delivery', stream_name: 'test' },
    });
    expect(named(defaults, 'aws_cloudwatch_log_group', 'Delivery_Logs').kms_key_id).toMatch(/Delivery_Logs_Key_/);
  });

  test('shows its JUnit files, which it then may', () => {
    const [step] = TEST_STAGE.steps;
    if (!step) throw new Error('no step');
    const template = withProps({
      stages: [{ name: 'Test', steps: [{ ...step, junit: { unit: 'reports/junit.xml' } }] }],
    });
    expect(buildSpec('Test', template).reports).toEqual({
      unit: { files: ['reports/junit.xml'], 'file-format': 'JUNITXML' },
    });
    expect(policy('Test_Role_Reports', template)[0]?.Resource).toMatch(/:report-group\/shop-prod-test-\*$/);
    expect(Object.keys(defaults.resources('aws_iam_role_policy')).join()).not.toContain('_Reports_');
  });

  test.each([
    ['Test', defaults],
    ['Image', defaults],
    ['Evaluate', withAll],
    ['Train', withAll],
  ])('%s is bash that parses, and that Terraform has no say in', (id, template) => {
    const { commands } = buildSpec(id, template).phases.build;
    for (const input of commands) {
      expect([input, spawnSync('bash', ['-n'], { input, encoding: 'utf8' }).stderr]).toEqual([input, '']);
      expect(input).not.toMatch(/[$%]\{/);
    }
    expect(commands[0]).toBe('set -o pipefail');
  });

  test('that trains has the model store, and nobody else has', () => {
    const variables = (id: string) =>
      (project(id, withAll).environment as { environment_variable?: object[] }).environment_variable;
    expect(variables('Train')).toEqual([{ name: 'RECOMMENDER_STORE', value: expect.stringMatching(/^s3:\/\//) }]);
    expect(variables('Evaluate')).toEqual([]);
    const writers = Object.keys(withAll.resources('aws_iam_role_policy')).filter((id) =>
      /ModelStore(Write|Promote)_/.test(id),
    );
    expect(writers.sort()).toEqual([
      expect.stringMatching(/^Delivery_Train_Role_ModelStorePromote_/),
      expect.stringMatching(/^Delivery_Train_Role_ModelStoreWrite_/),
    ]);
  });
});

/** What the image's step leaves, with the programs that it calls but Docker and AWS. */
describe('the files of a deployment', () => {
  const command = (file: string): string =>
    buildSpec('Image').phases.build.commands.find((line: string) => line.endsWith(` > ${file}`));
  const run = (script: string, input = '') => spawnSync('bash', ['-c', script], { input, encoding: 'utf8' }).stdout;

  test('the image is named by its digest', () => {
    const [, filter] = /\| (jq .*) > /.exec(command('imageDetail.json')) ?? [];
    const inspected = JSON.stringify([{ RepoDigests: ['registry/shop@sha256:1'] }]);
    expect(JSON.parse(run(filter as string, inspected))).toEqual({ ImageURI: 'registry/shop@sha256:1' });
  });

  test('the task is the service’s, without what the service added, and with a place for the image', () => {
    const [, filter] = /--output json \| (jq .*) > /.exec(command('taskdef.json')) ?? [];
    const task = {
      family: 'shop-prod',
      taskDefinitionArn: 'arn',
      revision: 3,
      status: 'ACTIVE',
      registeredAt: 1,
      containerDefinitions: [{ name: 'model-server', image: 'registry/shop@sha256:1', user: '10001:10001' }],
    };
    expect(JSON.parse(run(filter as string, JSON.stringify(task)))).toEqual({
      family: 'shop-prod',
      containerDefinitions: [{ name: 'model-server', image: '<IMAGE1_NAME>', user: '10001:10001' }],
    });
  });

  test('requests go to the container’s port', () => {
    const [, echo] = /^(echo .*) > /.exec(command('appspec.yaml')) ?? [];
    expect(JSON.parse(run(echo as string)).Resources[0].TargetService.Properties).toEqual({
      TaskDefinition: '<TASK_DEFINITION>',
      LoadBalancerInfo: { ContainerName: 'model-server', ContainerPort: 8080 },
    });
  });
});

describe('the roles', () => {
  test('the pipeline reads one source, starts its steps and begins one deployment', () => {
    expect(policy('Role_Steps')).toMatchObject([
      { Resource: CONNECTION },
      {
        Action: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds'],
        Resource: [expect.any(String), expect.any(String)],
      },
    ]);
    const deploy = policy('Role_Deploy');
    expect(deploy.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action)).toEqual([
      'ecs:RegisterTaskDefinition',
    ]);
    expect(deploy.find(({ Action }) => Action === 'iam:PassRole')?.Resource).toHaveLength(2);
  });

  test('the image’s step pushes to one repository', () => {
    expect(policy('Image_Role_PushImage')).toMatchObject([
      { Action: ['ecr:GetAuthorizationToken', 'ecs:DescribeTaskDefinition'], Resource: '*' },
      { Resource: 'arn:aws:ecr:us-east-1:111122223333:repository/shop/model-server' },
    ]);
  });

  test('the pipeline may tell approvers where there are some', () => {
    expect(policy('Role_ApproversTell', withAll)[0]?.Action).toBe('sns:Publish');
    expect(defaults.resourceTypes()).not.toContain('aws_sns_topic');
  });
});

test('what steps leave is encrypted, closed to the public and gone after 30 days', () => {
  expect(named(defaults, 'aws_s3_bucket', 'Delivery_Artifacts')).toMatchObject({ force_destroy: true });
  expect(named(defaults, 'aws_s3_bucket_lifecycle_configuration', 'Delivery_Artifacts_Lifecycle').rule).toMatchObject([
    { status: 'Enabled', expiration: [{ days: 30 }], noncurrent_version_expiration: [{ noncurrent_days: 1 }] },
  ]);
  expect(named(defaults, 'aws_s3_bucket_versioning', 'Delivery_Artifacts_Versioning')).toMatchObject({
    versioning_configuration: { status: 'Enabled' },
  });
  expect(named(defaults, 'aws_s3_bucket_public_access_block', 'Delivery_Artifacts_PublicAccessBlock')).toMatchObject({
    block_public_policy: true,
    restrict_public_buckets: true,
  });
  const [store] = pipeline().artifact_store as [{ encryption_key: { type: string; id: string } }];
  expect(store.encryption_key).toEqual({ type: 'KMS', id: expect.stringMatching(/Delivery_Artifacts_Key_/) });
});

test.each([
  [undefined, true],
  [false, false],
])('with protection %p, a destroy of its logs is refused: %p', (protection, refused) => {
  const logs = named(withProps({ protection }), 'aws_cloudwatch_log_group', 'Delivery_Logs');
  expect(logs.lifecycle).toEqual({ prevent_destroy: refused });
});

test.each([
  [{ deliveryName: 'Shop' }, 'deliveryName is Shop; it must be 2 to 24 lowercase letters, digits and hyphens'],
  [{ source: { connectionArn: CONNECTION, repository: 'shop' } }, 'source.repository is shop; it must be owner/name.'],
  [{ approvers: [] }, 'approvers is empty; name somebody, or leave it out, and nobody is asked.'],
  [{ stages: [TEST_STAGE, TEST_STAGE] }, 'two steps are called test; the construct has one called image.'],
  [{ stages: [{ name: 'A', steps: [{ name: 'image', commands: [] }] }] }, 'two steps are called image; the construct'],
  [{ stages: [{ name: 'A', steps: [{ name: 'A b', commands: [] }] }] }, 'a step is called A b; allowed are 1 to 31'],
])('fails with %j', (props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('the HCL', async () => {
  expect(await hclOf(withAll, 'Delivery')).toMatchSnapshot();
});

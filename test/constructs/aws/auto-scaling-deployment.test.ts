import {
  AutoScalingDeployment,
  type AutoScalingDeploymentProps,
  AutoScalingService,
  type AutoScalingServiceProps,
  FunctionKey,
  TrafficShift,
} from '../../../constructs/aws';
import {
  type DeploymentDefinitionProps,
  deploymentDefinition,
} from '../../../constructs/aws/auto-scaling/deployment-definition';
import { OpeningHours } from '../../../src';
import { hclOf, named, onAws, statements } from './fixtures';
import { encoded, serverProps } from './server-fixtures';

/** It has no types of its own. */
const asl: (definition: object, options?: object) => { isValid: boolean; errors: unknown[] } = require('asl-validator');

const withProps = (
  props: Partial<AutoScalingDeploymentProps> = {},
  service: Partial<AutoScalingServiceProps> = { rollout: 'blue-green' },
) =>
  onAws((stack) => {
    new AutoScalingDeployment(stack, 'Deployment', {
      deploymentName: 'shop-prod-deployment',
      service: new AutoScalingService(stack, 'Service', { ...serverProps(stack), ...service }),
      key: new FunctionKey(stack, 'Key', { keyName: 'shop-prod' }),
      ...props,
    });
  });
const defaults = withProps();

interface Definition {
  readonly States: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
const definitionOf = (template = defaults) =>
  encoded(template.resource('aws_sfn_state_machine').definition) as Definition;

describe('the groups of a service', () => {
  const group = (name: string) => {
    const all = Object.values(defaults.resources('aws_autoscaling_group'));
    return all.find((one) => one.name === name) as Readonly<Record<string, unknown>>;
  };

  test('are two, each in a target group of its own, and the second one is empty', () => {
    expect(group('shop-prod')).toMatchObject({
      name: 'shop-prod',
      min_size: 2,
      max_size: 50,
      target_group_arns: [expect.stringMatching(/Targets_Blue_/)],
    });
    expect(group('shop-prod-green')).toMatchObject({
      name: 'shop-prod-green',
      min_size: 0,
      max_size: 0,
      desired_capacity: 0,
      target_group_arns: [expect.stringMatching(/Targets_Green_/)],
    });
  });

  test.each(['shop-prod', 'shop-prod-green'])(
    '%s is left to deployments: how many machines, and of which version',
    (id) => {
      expect(group(id).lifecycle).toEqual({
        ignore_changes: [
          'desired_capacity',
          'min_size',
          'max_size',
          'mixed_instances_policy[0].launch_template[0].launch_template_specification[0].version',
        ],
      });
      expect(group(id)).not.toHaveProperty('instance_refresh');
    },
  );

  test('scale by requests of their own target group, and let machines stop', () => {
    const label = (id: string) =>
      JSON.stringify(named(defaults, 'aws_autoscaling_policy', id).target_tracking_configuration);
    expect(label('Service_Scaling_Requests')).toMatch(/Targets_Blue_/);
    expect(label('Service_Green_Scaling_Requests')).toMatch(/Targets_Green_/);
    expect(Object.keys(defaults.resources('aws_autoscaling_lifecycle_hook'))).toHaveLength(2);
  });
});

describe('the definition', () => {
  test('by default shifts as a canary of ten minutes, and keeps the version before for half an hour', () => {
    const minutes = definitionOf().States.PlanMinutes?.Result as { percent: number; rest: number }[];
    expect(minutes).toHaveLength(40);
    expect(minutes[9]).toEqual({ percent: 10, rest: 90 });
    expect(minutes[10]).toEqual({ percent: 100, rest: 0 });
  });

  test('looks at the alarms of the objective, and at others', () => {
    const alarms = (template = defaults) =>
      /"AlarmNames":(\[.*?\])/.exec(JSON.stringify(definitionOf(template)))?.[1] ?? '';
    expect(JSON.parse(alarms())).toHaveLength(2);
    expect(JSON.parse(alarms(withProps({ alarmNames: ['sales'] })))).toContain('sales');
  });

  test('fills a group with the template that was applied last', () => {
    expect(definitionOf().States.Fill?.Parameters).toMatchObject({
      'AutoScalingGroupName.$': '$.idle.group',
      MaxSize: 50,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { Version: expect.stringMatching(/\.latest_version/) },
          Overrides: ['c7g.medium', 'm7g.medium', 'c6g.medium', 'm6g.medium'].map((InstanceType) => ({ InstanceType })),
        },
      },
    });
  });

  const side = (color: string) => ({
    group: `shop-${color}`,
    targetGroupArn: `arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/${color}/1`,
  });
  const props: DeploymentDefinitionProps = {
    blue: side('blue'),
    green: side('green'),
    listenerArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/shop/1/1',
    testListenerArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/shop/1/2',
    alarmNames: ['errors'],
    bounds: { min: 2, max: 50 },
    mixedInstancesPolicy: {},
    percents: [10],
    keepMinutes: 30,
    startMinutes: 15,
    minuteSeconds: 60,
  };
  const definition = deploymentDefinition(props);

  test('is one by the language’s own schema, which refuses what is none', () => {
    expect(asl(definition, { checkPaths: true })).toMatchObject({ isValid: true, errors: [] });
    const { Fill: _, ...rest } = definition.States as Record<string, object>;
    expect(asl({ ...definition, States: rest }).isValid).toBe(false);
  });

  test('takes back whatever goes wrong once machines are changed, until all requests have gone over', () => {
    const caught = Object.entries(definition.States)
      .filter(([, state]) => 'Catch' in state)
      .map(([name]) => name);
    expect(caught).toEqual(['HoldServing', 'Fill', 'AskHealth', 'OpenTrial', 'Shift']);
  });
});

test.each([
  [TrafficShift.allAtOnce(), []],
  [TrafficShift.canary({ percent: 5, minutes: 2 }), [5, 5]],
  [TrafficShift.linear({ percent: 40, minutes: 2 }), [40, 40, 80, 80]],
  [TrafficShift.linear({ percent: 50, minutes: 1 }), [50]],
])('a shift gives the new version so much in each minute: %#', (traffic, percents) => {
  expect(traffic.percents).toEqual(percents);
});

test('the role changes two groups and two listeners, and starts what one template says', () => {
  const policy = statements(named(defaults, 'aws_iam_role_policy', 'Deployment_Role_Deploy').policy);
  const of = (action: string) => policy.find(({ Action }) => [Action].flat().includes(action));
  expect(of('autoscaling:UpdateAutoScalingGroup')?.Resource).toHaveLength(2);
  expect(of('elasticloadbalancing:ModifyListener')?.Resource).toHaveLength(2);
  expect(of('ec2:RunInstances')?.Condition).toEqual({
    ArnEquals: { 'ec2:LaunchTemplate': expect.stringMatching(/aws_launch_template\./) },
  });
  expect(policy.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action)).toEqual([
    'autoscaling:DescribeAutoScalingGroups',
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeTargetHealth',
  ]);
});

test.each<[Partial<AutoScalingDeploymentProps>, string]>([
  [{ deploymentName: 'other' }, "deploymentName is other; it must begin with shop-prod, the key's name"],
  [{ terminationWaitMinutes: -1 }, 'terminationWaitMinutes is -1; it must be a whole number from 0, at most 1200'],
  [{ terminationWaitMinutes: 1191 }, 'terminationWaitMinutes is 1191; it must be a whole number from 0, at most 1200'],
  [{ alarmNames: Array<string>(49).fill('one') }, 'alarmNames has 49 names; at most 48'],
])('fails with %j', (props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('fails with a service of one group', () => {
  expect(() => withProps({}, {})).toThrow(
    "service shop-prod has the rollout instance-refresh; give it rollout: 'blue-green', so that it has a second group.",
  );
});

test('fails with opening hours, which would fill the empty group', () => {
  const openingHours = new OpeningHours({ timezone: 'Europe/Berlin', fromHour: 6, toHour: 22, replicasWhenClosed: 1 });
  expect(() => withProps({}, { rollout: 'blue-green', openingHours })).toThrow(
    'rollout is blue-green, and openingHours is set; leave it out',
  );
});

test('the HCL', async () => {
  expect(await hclOf(defaults, 'Deployment')).toMatchSnapshot();
});

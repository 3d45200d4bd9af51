import {
  BlueGreenDeployment,
  type BlueGreenDeploymentProps,
  FargateService,
  TrafficShift,
} from '../../../constructs/aws';
import { hclOf, named, onAws, statements } from './fixtures';
import { serverProps } from './server-fixtures';

const withProps = (props: Partial<BlueGreenDeploymentProps> = {}, rollout: 'rolling' | 'code-deploy' = 'code-deploy') =>
  onAws((stack) => {
    const service = new FargateService(stack, 'Service', { ...serverProps(stack), rollout });
    new BlueGreenDeployment(stack, 'Deployment', { service, ...props });
  });
const defaults = withProps();
const group = (template = defaults) => template.resource('aws_codedeploy_deployment_group');

test.each([
  [undefined, { type: 'TimeBasedCanary', time_based_canary: { percentage: 10, interval: 10 } }],
  [
    TrafficShift.canary({ percent: 5, minutes: 30 }),
    { type: 'TimeBasedCanary', time_based_canary: { percentage: 5, interval: 30 } },
  ],
  [TrafficShift.linear(), { type: 'TimeBasedLinear', time_based_linear: { percentage: 10, interval: 3 } }],
  [TrafficShift.allAtOnce(), { type: 'AllAtOnce' }],
])('with traffic %#, requests go over %j', (traffic, routing) => {
  expect(withProps({ traffic }).resource('aws_codedeploy_deployment_config')).toMatchObject({
    compute_platform: 'ECS',
    traffic_routing_config: routing,
  });
});

test('requests go from one target group to the other, on a test listener first', () => {
  expect(group()).toMatchObject({
    deployment_style: { deployment_type: 'BLUE_GREEN', deployment_option: 'WITH_TRAFFIC_CONTROL' },
    load_balancer_info: {
      target_group_pair_info: {
        prod_traffic_route: { listener_arns: [expect.stringMatching(/LoadBalancer_Listener_/)] },
        test_traffic_route: { listener_arns: [expect.stringMatching(/LoadBalancer_TestListener_/)] },
        target_group: [{ name: expect.stringMatching(/Blue/) }, { name: expect.stringMatching(/Green/) }],
      },
    },
  });
});

test('a deployment that fails, or rings an alarm of the objective, is taken back', () => {
  expect(group().auto_rollback_configuration).toEqual({
    enabled: true,
    events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
  });
  expect(group().alarm_configuration).toEqual({
    enabled: true,
    ignore_poll_alarm_failure: false,
    alarms: [expect.stringMatching(/Alarms_ErrorRate_/), expect.stringMatching(/Alarms_Latency_/)],
  });
  const more = group(withProps({ alarmNames: ['shop-orders'] })).alarm_configuration as { alarms: string[] };
  expect(more.alarms.at(-1)).toBe('shop-orders');
});

test('the version before keeps running for half an hour, and a new one waits for nobody, unless told otherwise', () => {
  expect(group().blue_green_deployment_config).toEqual({
    deployment_ready_option: { action_on_timeout: 'CONTINUE_DEPLOYMENT' },
    terminate_blue_instances_on_deployment_success: { action: 'TERMINATE', termination_wait_time_in_minutes: 30 },
  });
  expect(group(withProps({ terminationWaitMinutes: 0, trialMinutes: 15 })).blue_green_deployment_config).toEqual({
    deployment_ready_option: { action_on_timeout: 'STOP_DEPLOYMENT', wait_time_in_minutes: 15 },
    terminate_blue_instances_on_deployment_success: { action: 'TERMINATE', termination_wait_time_in_minutes: 0 },
  });
});

test('CodeDeploy may change this service and its two listeners, and hand on its two roles', () => {
  const all = statements(named(defaults, 'aws_iam_role_policy', 'Deployment_Role_ShiftRequests').policy);
  const of = (action: string) => all.find(({ Action }) => [Action].flat().includes(action));
  expect(of('ecs:CreateTaskSet')?.Resource).toMatch(/:service\/\$\{aws_ecs_cluster\..*\}\/\$\{aws_ecs_service\..*\}$/);
  expect(of('elasticloadbalancing:ModifyListener')?.Resource).toHaveLength(2);
  expect(of('iam:PassRole')).toMatchObject({
    Resource: [expect.stringMatching(/Roles_Task_/), expect.stringMatching(/Roles_Execution_/)],
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  });
  expect(all.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action)).toEqual([
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeRules',
    'elasticloadbalancing:DescribeTargetGroups',
  ]);
});

test('fails with a service that Terraform rolls out itself', () => {
  expect(() => withProps({}, 'rolling')).toThrow(
    "test/Deployment: service shop-prod has the rollout rolling; give it rollout: 'code-deploy', so that Terraform leaves what runs to this.",
  );
});

test.each([
  [{ terminationWaitMinutes: -1 }, 'terminationWaitMinutes is -1; allowed are whole minutes from 0 to 2880.'],
  [{ trialMinutes: 0 }, 'trialMinutes is 0; allowed are whole minutes from 1 to 2880.'],
])('fails with %j', (props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test.each([
  [
    () => TrafficShift.canary({ percent: 100 }),
    'TrafficShift.canary has 100 percent; allowed are whole numbers from 1 to 99.',
  ],
  [
    () => TrafficShift.linear({ minutes: 0 }),
    'TrafficShift.linear has 0 minutes; allowed are whole numbers from 1 to 2880.',
  ],
])('fails when requests would go over by no share: %#', (shift, message) => {
  expect(shift).toThrow(message);
});

test('the HCL', async () => {
  expect(await hclOf(defaults, 'Deployment')).toMatchSnapshot();
});

import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { deploymentDefinition } from '../../../constructs/aws/auto-scaling/deployment-definition';
import { ACCOUNT_ID } from './area';
import { awsEnvironment } from './functions-on-moto';
import { query, texts } from './query';

let moto: Moto;
let sfn: SFNClient;
let services = 0;

beforeAll(async () => {
  moto = await startMoto({ onProgress: console.log });
  Object.assign(process.env, awsEnvironment(moto));
  await moto.executeStateMachines();
  sfn = new SFNClient();
}, 600_000);

afterAll(async () => {
  console.log(
    'Real: the definition, its interpreter (of moto). Not real: machines, their health, the load balancer (moto).',
  );
  sfn?.destroy();
  await moto?.stop();
});

const ec2 = (action: string, parameters: Record<string, string> = {}) =>
  query(moto.endpoint, 'ec2', '2016-11-15', action, parameters);
const elb = (action: string, parameters: Record<string, string> = {}) =>
  query(moto.endpoint, 'elasticloadbalancing', '2015-12-01', action, parameters);
const groups = (action: string, parameters: Record<string, string> = {}) =>
  query(moto.endpoint, 'autoscaling', '2011-01-01', action, parameters);
const cloudWatch = (action: string, parameters: Record<string, string> = {}) =>
  query(moto.endpoint, 'monitoring', '2010-08-01', action, parameters);

function only(xml: string, element: string): string {
  const [text] = texts(xml, element);
  if (text === undefined) throw new Error(`no ${element} in ${xml}`);
  return text;
}

type Color = 'blue' | 'green';
const NAMES: readonly Color[] = ['blue', 'green'];

/** What Terraform makes of a service: two groups in two target groups, the green one empty. */
class Service {
  static async open({ machines = 3 } = {}): Promise<Service> {
    const name = `shop-${++services}`;
    const subnets = texts(await ec2('DescribeSubnets'), 'subnetId').slice(0, 2);
    const vpc = only(await ec2('DescribeVpcs'), 'vpcId');
    const [image = ''] = texts(await ec2('DescribeImages'), 'imageId');
    const template = only(
      await ec2('CreateLaunchTemplate', {
        LaunchTemplateName: name,
        'LaunchTemplateData.ImageId': image,
        'LaunchTemplateData.InstanceType': 'c7g.medium',
      }),
      'launchTemplateId',
    );
    await ec2('CreateLaunchTemplateVersion', {
      LaunchTemplateId: template,
      'LaunchTemplateData.ImageId': image,
      'LaunchTemplateData.InstanceType': 'm7g.medium',
    });
    const balancer = only(
      await elb('CreateLoadBalancer', {
        Name: name,
        'Subnets.member.1': subnets[0] as string,
        'Subnets.member.2': subnets[1] as string,
      }),
      'LoadBalancerArn',
    );
    const targets = {} as Record<Color, string>;
    for (const color of NAMES) {
      const made = await elb('CreateTargetGroup', {
        Name: `${name}-${color}`,
        Protocol: 'HTTP',
        Port: '8080',
        VpcId: vpc,
      });
      targets[color] = only(made, 'TargetGroupArn');
    }
    const listener = (port: number, first: Color, second: Color) =>
      elb('CreateListener', {
        LoadBalancerArn: balancer,
        Protocol: 'HTTP',
        Port: `${port}`,
        'DefaultActions.member.1.Type': 'forward',
        'DefaultActions.member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn': targets[first],
        'DefaultActions.member.1.ForwardConfig.TargetGroups.member.1.Weight': '100',
        'DefaultActions.member.1.ForwardConfig.TargetGroups.member.2.TargetGroupArn': targets[second],
        'DefaultActions.member.1.ForwardConfig.TargetGroups.member.2.Weight': '0',
      });
    const listenerArn = only(await listener(443, 'blue', 'green'), 'ListenerArn');
    const testListenerArn = only(await listener(8443, 'green', 'blue'), 'ListenerArn');
    for (const [color, size] of [
      ['blue', machines],
      ['green', 0],
    ] as const) {
      await groups('CreateAutoScalingGroup', {
        AutoScalingGroupName: `${name}-${color}`,
        MinSize: `${Math.min(size, 2)}`,
        MaxSize: size === 0 ? '0' : '9',
        DesiredCapacity: `${size}`,
        VPCZoneIdentifier: subnets[0] as string,
        'TargetGroupARNs.member.1': targets[color],
        'MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId': template,
        'MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.Version': '1',
        'MixedInstancesPolicy.LaunchTemplate.Overrides.member.1.InstanceType': 'c7g.medium',
      });
    }
    const service = new Service(name, template, targets, listenerArn, testListenerArn);
    await service.alarm('OK');
    return service;
  }

  private constructor(
    readonly name: string,
    private readonly template: string,
    private readonly targets: Record<Color, string>,
    private readonly listenerArn: string,
    private readonly testListenerArn: string,
  ) {}

  async alarm(StateValue: 'OK' | 'ALARM'): Promise<void> {
    const AlarmName = `${this.name}-error-rate`;
    await cloudWatch('PutMetricAlarm', {
      AlarmName,
      MetricName: 'RequestCount',
      Namespace: 'AWS/ApplicationELB',
      Period: '60',
      EvaluationPeriods: '1',
      Threshold: '1',
      Statistic: 'Sum',
      ComparisonOperator: 'GreaterThanThreshold',
    });
    await cloudWatch('SetAlarmState', { AlarmName, StateValue, StateReason: 'rehearsed' });
  }

  async start(alarmNames = [`${this.name}-error-rate`]): Promise<string> {
    const definition = deploymentDefinition({
      blue: { group: `${this.name}-blue`, targetGroupArn: this.targets.blue },
      green: { group: `${this.name}-green`, targetGroupArn: this.targets.green },
      listenerArn: this.listenerArn,
      testListenerArn: this.testListenerArn,
      alarmNames,
      bounds: { min: 2, max: 9 },
      mixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateId: this.template, Version: '2' },
          Overrides: [{ InstanceType: 'm7g.medium' }],
        },
      },
      percents: [10, 50],
      keepMinutes: 1,
      startMinutes: 3,
      minuteSeconds: 1,
    });
    this.stateMachineArn ??= (
      await sfn.send(
        new CreateStateMachineCommand({
          name: this.name,
          definition: JSON.stringify(definition),
          roleArn: `arn:aws:iam::${ACCOUNT_ID}:role/deployment`,
        }),
      )
    ).stateMachineArn;
    const name = `${this.name}-${++this.deployments}`;
    const started = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: this.stateMachineArn, name, input: '{}' }),
    );
    return started.executionArn as string;
  }

  private stateMachineArn?: string;
  private deployments = 0;

  /** Weights of blue and green. */
  async weights(ListenerArn = this.listenerArn): Promise<Record<Color, number>> {
    const xml = await elb('DescribeListeners', { 'ListenerArns.member.1': ListenerArn });
    const forward = /<ForwardConfig>.*?<\/ForwardConfig>/s.exec(xml)?.[0] ?? '';
    const arns = texts(forward, 'TargetGroupArn');
    const weights = texts(forward, 'Weight').map(Number);
    const of = (color: Color) => weights[arns.indexOf(this.targets[color])] as number;
    return { blue: of('blue'), green: of('green') };
  }

  trialWeights(): Promise<Record<Color, number>> {
    return this.weights(this.testListenerArn);
  }

  /** [fewest, wanted, most] machines, and the version of the template. */
  async size(color: Color): Promise<{ size: number[]; version: string }> {
    const xml = await groups('DescribeAutoScalingGroups', {
      'AutoScalingGroupNames.member.1': `${this.name}-${color}`,
    });
    const number = (element: string) => Number(only(xml, element));
    const [, version = ''] = /<LaunchTemplateSpecification>.*?<Version>(.*?)<\/Version>/s.exec(xml) ?? [];
    return { size: [number('MinSize'), number('DesiredCapacity'), number('MaxSize')], version };
  }
}

async function ended(executionArn: string): Promise<{ status?: string; error?: string; cause?: string }> {
  for (;;) {
    const { status, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return { status, error, cause };
    await pause(200);
  }
}

describe('a deployment', () => {
  it('moves requests to as many machines of the new version, and empties the old group; the next one goes back', async () => {
    const service = await Service.open({ machines: 3 });
    expect(await ended(await service.start())).toMatchObject({ status: 'SUCCEEDED' });
    expect(await service.weights()).toEqual({ blue: 0, green: 100 });
    expect(await service.trialWeights()).toEqual({ blue: 0, green: 100 });
    expect(await service.size('green')).toEqual({ size: [2, 3, 9], version: '2' });
    expect(await service.size('blue')).toEqual({ size: [0, 0, 0], version: '1' });

    expect(await ended(await service.start())).toMatchObject({ status: 'SUCCEEDED' });
    expect(await service.weights()).toEqual({ blue: 100, green: 0 });
    expect(await service.size('blue')).toEqual({ size: [2, 3, 9], version: '2' });
    expect(await service.size('green')).toEqual({ size: [0, 0, 0], version: '2' });
  }, 60_000);

  it('is taken back when an alarm rings: all requests go where they were, and the new machines go', async () => {
    const service = await Service.open();
    await service.alarm('ALARM');
    expect(await ended(await service.start())).toMatchObject({
      status: 'FAILED',
      error: 'AlarmRings',
      cause: `One of ${service.name}-error-rate is in ALARM.`,
    });
    expect(await service.weights()).toEqual({ blue: 100, green: 0 });
    expect(await service.size('blue')).toEqual({ size: [2, 3, 9], version: '1' });
    expect(await service.size('green')).toMatchObject({ size: [0, 0, 0] });
  }, 60_000);

  it('is taken back when an alarm is not there', async () => {
    const service = await Service.open();
    const execution = await service.start([`${service.name}-error-rate`, 'no-such-alarm']);
    expect(await ended(execution)).toMatchObject({ status: 'FAILED', error: 'AlarmMissing' });
    expect(await service.weights()).toEqual({ blue: 100, green: 0 });
  }, 60_000);

  it('gives up before it has changed anything when another one is under way', async () => {
    const service = await Service.open();
    await ended(await service.start());
    const both = await Promise.all([service.start(), service.start()]);
    const errors = (await Promise.all(both.map(ended))).map(({ error }) => error);
    expect(errors).toContain('AlreadyRuns');
    const { blue, green } = await service.weights();
    expect([blue, green].sort()).toEqual([0, 100]);
  }, 60_000);
});

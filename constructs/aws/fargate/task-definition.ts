import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import {
  DATA_DIRECTORY,
  HEALTH_PATHS,
  HTTP_PORT,
  SERVER_USER,
  TERMINATION_GRACE_SECONDS,
} from '../../../src/model-server/serving';
import { AwsAccount } from '../aws-account';
import type { ServerSecrets } from '../compute/server-secret';
import type { EncryptedLogGroup } from '../encrypted-log-group';
import type { TaskRoles } from './task-roles';
import type { FargateTaskSize } from './task-size';

export interface TaskDefinitionProps {
  readonly family: string;
  readonly image: string;
  readonly size: FargateTaskSize;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: ServerSecrets;
  readonly logGroup: EncryptedLogGroup;
  readonly roles: TaskRoles;
}

export const CONTAINER_NAME = 'model-server';

/** By the image's own Node, which has no curl beside it. */
const ALIVE = `fetch('http://127.0.0.1:${HTTP_PORT}${HEALTH_PATHS.live}').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;

/** The model server as a task of Fargate on arm64: not root, nothing but its data folder can be written to. */
export class TaskDefinition extends Construct {
  readonly resource: EcsTaskDefinition;

  constructor(scope: Construct, id: string, props: TaskDefinitionProps) {
    super(scope, id);
    this.resource = new EcsTaskDefinition(this, 'Resource', {
      family: props.family,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      cpu: `${props.size.vcpus * 1024}`,
      memory: `${props.size.memoryGib * 1024}`,
      taskRoleArn: props.roles.task.roleArn,
      executionRoleArn: props.roles.execution.roleArn,
      // Fargate gives it the owner that the image's VOLUME has, which no other mount of a task gets.
      volume: [{ name: 'data' }],
      containerDefinitions: Fn.jsonencode([this.container(props)]),
      // The revision before is there until the service runs the next one, so that it can be gone back to.
      lifecycle: { createBeforeDestroy: true },
      dependsOn: [...props.roles.task.ready, ...props.roles.execution.ready],
    });
  }

  private container({ image, environment, secrets, logGroup }: TaskDefinitionProps) {
    return {
      name: CONTAINER_NAME,
      image,
      essential: true,
      user: `${SERVER_USER}:${SERVER_USER}`,
      privileged: false,
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ['ALL'] }, initProcessEnabled: true },
      portMappings: [{ containerPort: HTTP_PORT, hostPort: HTTP_PORT, protocol: 'tcp' }],
      mountPoints: [{ sourceVolume: 'data', containerPath: DATA_DIRECTORY, readOnly: false }],
      ulimits: [{ name: 'nofile', softLimit: 65536, hardLimit: 65536 }],
      stopTimeout: TERMINATION_GRACE_SECONDS,
      environment: Object.entries({ ...environment, TMPDIR: DATA_DIRECTORY })
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => ({ name, value })),
      secrets: Object.entries(secrets).map(([name, { secretArn, field }]) => ({
        name,
        valueFrom: field === undefined ? secretArn : `${secretArn}:${field}::`,
      })),
      healthCheck: {
        command: ['CMD', 'node', '-e', ALIVE],
        interval: 10,
        timeout: 5,
        retries: 3,
        // To fetch and check a model.
        startPeriod: 120,
      },
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': logGroup.logGroupName,
          'awslogs-region': AwsAccount.of(this).region,
          'awslogs-stream-prefix': CONTAINER_NAME,
          // A slow log must not make the server wait.
          mode: 'non-blocking',
          'max-buffer-size': '4m',
        },
      },
    };
  }
}

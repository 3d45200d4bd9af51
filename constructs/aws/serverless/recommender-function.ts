import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import type { Connections, IConnectable } from '../network/connections';
import type { Network } from '../network/network';
import { SecurityGroup } from '../network/security-group';
import type { IGrantee, PolicyStatement } from '../policy-document';
import { ServiceRole } from '../service-role';
import type { DeadLetterQueue } from './dead-letter-queue';
import type { FunctionImage } from './function-image';
import type { FunctionKey } from './function-key';

/** What a function is given of a machine. */
export interface FunctionSize {
  /** MiB from 128 to 10,240; the processor comes with it, a whole one at 1,769. */
  readonly memoryMegabytes: number;
  /** Seconds from 1 to 900. */
  readonly timeoutSeconds: number;
  /**
   * MiB of `/tmp`, from 512 to 10,240.
   * @default 512
   */
  readonly storageMegabytes?: number;
}

/** What all functions of this library have in common. */
export interface CommonFunctionProps {
  /** Begins with the key's name; at most 64 letters, digits, hyphens and underscores. The role has the same name. */
  readonly functionName: string;
  /** Of arm64. */
  readonly image: FunctionImage;
  /** Encrypts environment and logs. */
  readonly key: FunctionKey;
  /**
   * Puts it into the private subnets, with a security group that lets nothing in or out until `connections` say so.
   * @default - outside of any VPC, where it reaches AWS's public endpoints
   */
  readonly network?: Network;
  /**
   * Invocations at once at most, taken from the account's.
   * @default - as many as the account has left
   */
  readonly reservedConcurrency?: number;
  /**
   * Days that logs are kept, one of those that CloudWatch allows.
   * @default 30
   */
  readonly logRetentionDays?: number;
}

export interface RecommenderFunctionProps extends CommonFunctionProps {
  readonly description: string;
  /** The image's command: which of its functions this is. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly size: FunctionSize;
  /**
   * Takes what was invoked asynchronously and failed three times.
   * @default - nothing is invoked asynchronously, or its loss doesn't matter
   */
  readonly failures?: DeadLetterQueue;
}

/** Ranges of Lambda's. Source: AWS Lambda developer guide, "Lambda quotas". */
const RANGES = { memoryMegabytes: [128, 10_240], timeoutSeconds: [1, 900], storageMegabytes: [512, 10_240] } as const;

/**
 * A Lambda function of the recommender's image on arm64, with a role that may write its own log and nothing else until it
 * is granted something. Whoever shall invoke it is let in by name.
 */
export class RecommenderFunction extends Construct implements IGrantee, IConnectable {
  readonly resource: LambdaFunction;
  readonly role: ServiceRole;
  readonly logGroup: CloudwatchLogGroup;
  readonly functionName: string;
  readonly functionArn: string;
  /** What an API Gateway's integration names. */
  readonly invokeArn: string;
  readonly timeoutSeconds: number;
  private readonly securityGroup: SecurityGroup | undefined;

  constructor(scope: Construct, id: string, props: RecommenderFunctionProps) {
    super(scope, id);
    this.check(props);
    this.functionName = props.functionName;
    this.timeoutSeconds = props.size.timeoutSeconds;
    this.logGroup = new CloudwatchLogGroup(this, 'LogGroup', {
      name: `/aws/lambda/${props.functionName}`,
      retentionInDays: props.logRetentionDays ?? 30,
      kmsKeyId: props.key.keyArn,
    });
    this.role = this.addRole(props);
    this.securityGroup = this.addSecurityGroup(props);
    this.resource = this.addFunction(props);
    this.functionArn = this.resource.arn;
    this.invokeArn = this.resource.invokeArn;
    if (props.failures) this.addFailures(props.failures);
  }

  /**
   * What it may connect to, and who to it.
   *
   * @throws ConfigError when it is in no VPC
   */
  get connections(): Connections {
    if (!this.securityGroup) {
      throw new ConfigError(`${this.functionName} is in no VPC; set its network to connect it to something.`, this);
    }
    return this.securityGroup.connections;
  }

  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.role.addPolicy(name, statements);
  }

  /** Lets a role of this account invoke it. */
  grantInvoke(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Invoke`, [
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: this.functionArn },
    ]);
  }

  /**
   * Lets a service invoke it on behalf of one thing of this account's.
   *
   * @param id of the permission in the tree, e.g. `Api`
   * @param service `apigateway.amazonaws.com`
   * @param sourceArn what the service acts for; a `*` in it is matched
   */
  allowInvokeBy(id: string, service: string, sourceArn: string): LambdaPermission {
    return new LambdaPermission(this, `InvokedBy${id}`, {
      functionName: this.resource.functionName,
      action: 'lambda:InvokeFunction',
      principal: service,
      sourceArn,
      sourceAccount: AwsAccount.of(this).accountId,
    });
  }

  private check({ functionName, key, size }: RecommenderFunctionProps): void {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(functionName) || !functionName.startsWith(key.keyName)) {
      throw new ConfigError(
        `functionName is ${functionName}; it must be 1 to 64 letters, digits, hyphens and underscores, and begin with ${key.keyName}, for which the key lets its log in.`,
        this,
      );
    }
    for (const [name, [least, most]] of Object.entries(RANGES)) {
      const value = size[name as keyof FunctionSize];
      if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) continue;
      throw new ConfigError(`size.${name} is ${value}; it must be a whole number from ${least} to ${most}.`, this);
    }
  }

  private addRole({ functionName, description, network, key }: RecommenderFunctionProps): ServiceRole {
    const functionArn = AwsAccount.of(this).arn('lambda', `function:${functionName}`);
    const role = new ServiceRole(this, 'Role', {
      roleName: functionName,
      description,
      service: 'lambda.amazonaws.com',
      sourceArn: functionArn,
    });
    role.addPolicy('WriteLogs', [
      // The trailing * is the group's streams, which Lambda names itself.
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `${this.logGroup.arn}:*` },
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: key.keyArn,
        Condition: { StringEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': functionArn } },
      },
    ]);
    if (network) role.addPolicy('JoinNetwork', [networkInterfaces()]);
    return role;
  }

  private addSecurityGroup({ network, functionName, description }: RecommenderFunctionProps) {
    return network && new SecurityGroup(this, 'SecurityGroup', { network, groupName: functionName, description });
  }

  private addFunction(props: RecommenderFunctionProps): LambdaFunction {
    const { size, network, environment } = props;
    return new LambdaFunction(this, 'Resource', {
      functionName: props.functionName,
      description: props.description,
      role: this.role.roleArn,
      packageType: 'Image',
      imageUri: props.image.imageUri,
      imageConfig: { command: [props.command] },
      architectures: ['arm64'],
      memorySize: size.memoryMegabytes,
      timeout: size.timeoutSeconds,
      ephemeralStorage: { size: size.storageMegabytes ?? 512 },
      reservedConcurrentExecutions: props.reservedConcurrency,
      environment: { variables: { ...environment } },
      kmsKeyArn: props.key.keyArn,
      // Traces are OpenTelemetry's, from the program itself; Lambda hands on what a caller decided.
      tracingConfig: { mode: 'PassThrough' },
      loggingConfig: {
        logFormat: 'JSON',
        applicationLogLevel: 'INFO',
        systemLogLevel: 'INFO',
        logGroup: this.logGroup.name,
      },
      ...(network &&
        this.securityGroup && {
          vpcConfig: {
            subnetIds: network.privateSubnets.map(({ id }) => id),
            securityGroupIds: [this.securityGroup.resource.id],
          },
        }),
      dependsOn: this.role.ready,
    });
  }

  private addFailures(failures: DeadLetterQueue): void {
    failures.grantSend(this.role);
    new LambdaFunctionEventInvokeConfig(this, 'EventInvokeConfig', {
      functionName: this.resource.functionName,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 6 * 3600,
      destinationConfig: { onFailure: { destination: failures.queueArn } },
      // Lambda asks whether the role may send before it takes the destination.
      dependsOn: this.role.ready,
    });
  }
}

/** Source: AWS Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC". */
function networkInterfaces(): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ],
    // Lambda makes the interfaces as the role, and checks that the role may do it to any: ec2:CreateNetworkInterface.
    Resource: '*',
  };
}

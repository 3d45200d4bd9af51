import { join } from 'node:path';
import { CreateFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  type FunctionHost,
  type FunctionHostOptions,
  type Moto,
  startFunctionHost,
} from '@cdktf-recommender/rehearsal';
import { ACCOUNT_ID, REGION } from './area';

/** The entry point of the functions' image, from its build. */
const MAIN = join(__dirname, '../../../aws-functions/dist/main.js');

/** As an SDK in this process and in the functions' has it. */
export function awsEnvironment({ endpoint }: Moto): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/** A role that functions may act as; the emulated AWS looks for it. */
export async function createFunctionRole({ endpoint }: Moto): Promise<void> {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/iam/aws4_request` },
    body: new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: ROLE,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  });
  if (!response.ok) throw new Error(await response.text());
}

const ROLE = 'functions';

/** The image's program for each function of the emulated AWS. */
export async function hostFunctions(moto: Moto, onLine?: FunctionHostOptions['onLine']): Promise<FunctionHost> {
  const host = await startFunctionHost({
    entryPoint: [process.execPath, MAIN],
    environment: awsEnvironment(moto),
    onLine,
  });
  await moto.runFunctions(host);
  return host;
}

export interface NewFunction {
  readonly functionName: string;
  readonly command: string;
  readonly environment: Record<string, string>;
  readonly timeoutSeconds: number;
}

/** A function of the image in the emulated AWS; answers its ARN. */
export async function createFunction(lambda: LambdaClient, options: NewFunction): Promise<string> {
  const { functionName, command, environment, timeoutSeconds } = options;
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Role: `arn:aws:iam::${ACCOUNT_ID}:role/${ROLE}`,
      PackageType: 'Image',
      Code: { ImageUri: `${ACCOUNT_ID}.dkr.ecr.${REGION}.amazonaws.com/functions@sha256:${'a'.repeat(64)}` },
      ImageConfig: { Command: [command] },
      Environment: { Variables: environment },
      Timeout: timeoutSeconds,
      MemorySize: 1024,
    }),
  );
  if (!FunctionArn) throw new Error(`${functionName} has no ARN`);
  return FunctionArn;
}

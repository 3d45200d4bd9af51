import { textOf } from '../block';
import { CREDENTIAL, firstOf, found, given, notOn, oneOf } from '../checks';
import { securityHub } from '../references';
import type { SecurityRule } from '../rule';

const LAMBDA = ['aws_lambda_function'];
const MACHINES = ['aws_launch_template', 'aws_instance'];
const NOTEBOOK = ['aws_sagemaker_notebook_instance'];

export const AWS_COMPUTE: readonly SecurityRule[] = [
  {
    id: 'AWS-EC2-001',
    title: "A machine's metadata takes a token",
    severity: 'high',
    reason: "By version 1, a server that can be made to fetch a URL hands out the machine's credentials.",
    fix: 'Set metadata_options.http_tokens to required.',
    reference: securityHub('ec2', 8),
    checkov: 'CKV_AWS_79',
    appliesTo: MACHINES,
    check: (machine) =>
      machine.get('metadata_options.http_endpoint') === 'disabled'
        ? undefined
        : oneOf('metadata_options.http_tokens', ['required'])(machine),
  },
  {
    id: 'AWS-EC2-002',
    title: 'A machine has no address on the internet',
    severity: 'high',
    reason: 'Whatever listens on it, now or later, is reachable.',
    fix: 'Leave associate_public_ip_address off, and serve by a load balancer.',
    reference: securityHub('ec2', 9),
    checkov: 'CKV_AWS_88',
    appliesTo: MACHINES,
    check: (machine) =>
      machine.type === 'aws_instance'
        ? notOn('associate_public_ip_address')(machine)
        : firstOf(machine.all('network_interfaces'), notOn('associate_public_ip_address')),
  },
  {
    id: 'AWS-EC2-003',
    title: 'No credential is in user data',
    severity: 'critical',
    reason: 'User data is in the state, and everything on the machine can read it.',
    fix: "Have the machine's role read it from Secrets Manager.",
    reference: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html',
    checkov: 'CKV_AWS_46',
    appliesTo: MACHINES,
    check: (machine) =>
      firstOf(['user_data', 'user_data_base64'], (argument) =>
        holdsCredential(machine.get(argument)) ? `${argument} holds a credential` : undefined,
      ),
  },
  {
    id: 'AWS-LAMBDA-001',
    title: "A function's URL asks who calls",
    severity: 'critical',
    reason: 'A URL with authorization NONE runs the function for everybody.',
    fix: 'Set authorization_type to AWS_IAM.',
    reference: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
    checkov: 'CKV_AWS_258',
    appliesTo: ['aws_lambda_function_url'],
    check: oneOf('authorization_type', ['AWS_IAM']),
  },
  {
    id: 'AWS-LAMBDA-002',
    title: "No function is everybody's to call",
    severity: 'critical',
    reason: 'Any AWS account can run it, at your cost and with its role.',
    fix: 'Name the principal.',
    reference: securityHub('lambda', 1),
    checkov: 'CKV_AWS_301',
    appliesTo: ['aws_lambda_permission'],
    check: (permission) =>
      permission.get('principal') === '*' && !permission.has('principal_org_id') ? 'principal is "*"' : undefined,
  },
  {
    id: 'AWS-LAMBDA-003',
    title: 'A service calls a function for one of your resources',
    severity: 'high',
    reason: "The service calls it for other customers' resources, too.",
    fix: 'Set source_arn, or source_account.',
    reference: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html',
    checkov: 'CKV_AWS_364',
    appliesTo: ['aws_lambda_permission'],
    check: (permission) =>
      /\.amazonaws\.com$/.test(permission.text('principal')) &&
      !permission.has('source_arn') &&
      !permission.has('source_account')
        ? found('source_arn', undefined)
        : undefined,
  },
  {
    id: 'AWS-LAMBDA-004',
    title: "No credential is in a function's environment",
    severity: 'critical',
    reason: 'Everybody who may look at the function can read it, and so can who reads the state.',
    fix: "Have the function's role read it from Secrets Manager.",
    reference: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html',
    checkov: 'CKV_AWS_45',
    appliesTo: LAMBDA,
    check: (lambda) =>
      firstOf(Object.entries(lambda.get('environment.variables') ?? {}), ([name, value]) =>
        CREDENTIAL.test(textOf(value)) ? `environment.variables.${name} holds a credential` : undefined,
      ),
  },
  {
    id: 'AWS-LAMBDA-005',
    title: "A function's environment is encrypted by a key of one's own",
    severity: 'low',
    reason: 'Addresses and names in it help an intruder on.',
    fix: 'Set kms_key_arn.',
    reference: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html',
    checkov: 'CKV_AWS_173',
    appliesTo: LAMBDA,
    check: (lambda) => (lambda.has('environment.variables') ? given('kms_key_arn')(lambda) : undefined),
  },
  {
    id: 'AWS-CODEBUILD-001',
    title: 'What is built is encrypted',
    severity: 'medium',
    reason: 'Artifacts hold the source, and what the build put into them.',
    fix: 'Leave artifacts.encryption_disabled off.',
    reference: 'https://docs.aws.amazon.com/codebuild/latest/userguide/security-encryption.html',
    checkov: 'CKV_AWS_78',
    appliesTo: ['aws_codebuild_project'],
    check: notOn('artifacts.encryption_disabled'),
  },
  {
    id: 'AWS-CODEBUILD-002',
    title: "No credential is in a build's environment",
    severity: 'critical',
    reason: 'Everybody who may look at the project can read it.',
    fix: 'Set the type of the variable to SECRETS_MANAGER.',
    reference: securityHub('codebuild', 2),
    appliesTo: ['aws_codebuild_project'],
    check: (project) =>
      firstOf(project.all('environment.environment_variable'), (variable) =>
        CREDENTIAL.test(variable.text('value')) ||
        (/^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)$/.test(variable.text('name')) &&
          oneOf('type', ['PLAINTEXT'], 'PLAINTEXT')(variable) === undefined)
          ? `environment_variable ${variable.text('name')} holds a credential`
          : undefined,
      ),
  },
  {
    id: 'AWS-SAGEMAKER-001',
    title: 'A notebook goes out by your network only',
    severity: 'high',
    reason: 'Data can be carried out past every rule of the network.',
    fix: 'Set direct_internet_access to Disabled.',
    reference: securityHub('sagemaker', 1),
    checkov: 'CKV_AWS_122',
    appliesTo: NOTEBOOK,
    check: oneOf('direct_internet_access', ['Disabled'], 'Enabled'),
  },
  {
    id: 'AWS-SAGEMAKER-002',
    title: "A notebook's user is not root",
    severity: 'medium',
    reason: 'Who opens it can switch off what watches it.',
    fix: 'Set root_access to Disabled.',
    reference: securityHub('sagemaker', 3),
    checkov: 'CKV_AWS_307',
    appliesTo: NOTEBOOK,
    check: oneOf('root_access', ['Disabled'], 'Enabled'),
  },
  {
    id: 'AWS-SAGEMAKER-003',
    title: "A notebook's disk is encrypted by a key of one's own",
    severity: 'medium',
    reason: 'What was read for an analysis stays on it.',
    fix: 'Set kms_key_id.',
    reference: 'https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest.html',
    checkov: 'CKV_AWS_22',
    appliesTo: NOTEBOOK,
    check: given('kms_key_id'),
  },
];

/** User data is written in base 64 as often as in the open. */
function holdsCredential(data: unknown): boolean {
  if (typeof data !== 'string') return false;
  return CREDENTIAL.test(data) || CREDENTIAL.test(Buffer.from(data, 'base64').toString());
}

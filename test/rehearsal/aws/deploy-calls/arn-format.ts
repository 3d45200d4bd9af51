import type { MadeCall } from '@cdktf-recommender/rehearsal';

/** A thing that a call names, and the parameter that does. */
export interface NamedArn {
  readonly arn: string;
  readonly path: string;
}

/** In the place of an id that AWS chooses: it is another one each time. */
const CHOSEN = '0';

/** Ids and unique suffixes that differ from run to run, within names that don't; moto's way of making some. */
const MADE_UP = [
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b[0-9a-f]{16}(?:[0-9a-f]{16})?\b/g,
  /\b(?:[a-z]+-)?[0-9a-f]{17}\b/g,
  /\b(?:terraform-)?20\d{10,}[0-9a-f]*\b/g,
  /(?<=:scalable-target\/)[a-z0-9]{30,}$/g,
  /(?<=:::(?:change|hostedzone)\/)[A-Z0-9]+$/g,
  /\bconfig-rule-[a-z0-9]{6}\b/g,
  /(?<=:secret:.*-)[A-Za-z0-9]{6}$/g,
  /(?<=:db:)db-[A-Z0-9]{26}$/g,
  /(?<=:cloudfront::\d*:(?:distribution|origin-access-control|vpcorigin)\/)[A-Za-z0-9_]+$/g,
  /(?<=:logs:.*:delivery:)[A-Za-z0-9]{16}$/g,
  // By what is in it, ids of AWS' choice among that.
  /(?<=:sagemaker:.*:model\/[\w-]+-)[0-9a-f]{8}$/g,
];

/** What a part of an ARN is called in the parameters of calls, where it isn't called by its own name. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  Alias: ['AliasName'],
  DbInstanceName: ['DBInstanceIdentifier'],
  DeploymentConfigurationName: ['DeploymentConfigName'],
  GroupFriendlyName: ['AutoScalingGroupName'],
  Id: ['HostedZoneId', 'ResourceId'],
  KeyId: ['TargetKeyId'],
  NaclId: ['NetworkAclId'],
  OidcProviderName: ['Url'],
  ParameterGroupName: ['DBParameterGroupName'],
  ParameterNameWithoutLeadingSlash: ['Name'],
  QueueName: ['QueueUrl'],
  SecretId: ['Name'],
  SecurityGroupId: ['GroupId'],
  SubnetGroupName: ['DBSubnetGroupName'],
  TaskDefinitionFamilyName: ['Family'],
  VpcFlowLogId: ['FlowLogId'],
};

/** Parts beside which a thing has another name, that alone is `Name`. */
const NOT_JUST_NAME = ['CatalogName', 'GroupName'];

/**
 * The thing that an ARN's format stands for, by what a call's parameters say; none when they say nothing of it.
 *
 * @param format `arn:${Partition}:s3:::${BucketName}`
 */
export function arnOf(format: string, { parameters, region }: MadeCall, account: string): NamedArn | undefined {
  for (const [path, value] of Object.entries(parameters)) {
    // moto's ARN of a serverless Kafka cluster has no name in it.
    const arn = value.replace(':serverless-cluster/', ':cluster/shop-prod/');
    if (isOfFormat(arn, format)) return { arn: withoutMadeUp(arn), path };
  }
  let path: string | undefined;
  const arn = filled(format, { region, account }, (part) => {
    const found = parameterFor(part, parameters);
    path ??= found?.[0];
    // An issuer is named by all of its URL, a queue by the end.
    return found?.[1].replace(part === 'OidcProviderName' ? 'https://' : /^alias\/|^(arn:.*|.*:\/\/.*)\//, '');
  });
  return path === undefined ? undefined : { arn: withoutMadeUp(arn), path };
}

/** The same of a thing that doesn't have its id yet, or that the parameters don't name. */
export function unnamedArn(format: string, region: string, account: string): string {
  return filled(format, { region, account }, () => undefined);
}

function filled(
  format: string,
  { region, account }: { readonly region: string; readonly account: string },
  valueIn: (part: string) => string | undefined,
): string {
  const known: Readonly<Record<string, string>> = { Partition: 'aws', Region: region, Account: account };
  return format.replace(/\$\{(\w+)\}/g, (_, part: string) => known[part] ?? valueIn(part) ?? CHOSEN);
}

function isOfFormat(value: string, format: string): boolean {
  const parts = format.split(/\$\{\w+\}/).map((text) => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^:]*')}$`).test(value);
}

/** `Names.member.1` and `Rule.Name` are names, too; `Name` alone is one of what the call is about. */
function parameterFor(part: string, parameters: MadeCall['parameters']): [string, string] | undefined {
  const short = part.replace(/WithPath$/, '');
  const names = [
    short,
    ...(SYNONYMS[short] ?? []),
    short.replace(/(Name|Id)$/, ''),
    ...(/Name$/.test(short) && !NOT_JUST_NAME.includes(short) ? ['Name'] : []),
  ];
  const called = Object.entries(parameters).map((parameter) => [lastName(parameter[0]), parameter] as const);
  for (const name of names) {
    const found = called.find(([last]) => last === name.toLowerCase());
    if (found) return found[1];
  }
  return undefined;
}

function lastName(path: string): string | undefined {
  const [, one = '', list] = /^(.*?)((?:\.member)?\.\d+)?$/.exec(path) ?? [];
  const names = one.split('.');
  // Deeper ones are of something else, such as a target.
  if (names.length > 2 || /^tags\./i.test(one)) return undefined;
  return names
    .at(-1)
    ?.replace(list ? /s$/ : '', '')
    .toLowerCase();
}

function withoutMadeUp(arn: string): string {
  return (
    MADE_UP.reduce((text, pattern) => text.replace(pattern, CHOSEN), arn)
      // A rule of the default bus is named without it.
      .replace(':rule/default/', ':rule/')
      // A service's own key is known by its alias.
      .replace(/:key\/aws\/\w+$/, ':key/0')
      .replace(':CLOUDFRONT/', ':global/')
      .replace(':REGIONAL/', ':regional/')
      // The reference's format is that of classic load balancers.
      .replace(/:loadbalancer\/([^/]+)$/, ':loadbalancer/app/$1/0')
      // What AWS publishes is in no account.
      .replace(/:\d+:parameter\/\/aws\//, '::parameter/aws/')
  );
}

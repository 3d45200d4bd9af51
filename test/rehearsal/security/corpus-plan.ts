import type { Fields, StackJson } from '../../../src/synthesized/stack-json';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';
import { CORPUS } from '../../src/security/corpus';
import { type Changes, type Fixture, stackOf } from '../../src/security/corpus/corpus';

/** A stack of the corpus, in which no address is another's. */
export interface CorpusCase {
  /** Rule that it is of. */
  readonly rule: string;
  readonly stack: SynthesizedStack;
}

/** Bases, mutants and variants. Those that say what only Terraform knows have no values in a plan that isn't Terraform's. */
export function corpusCases(): CorpusCase[] {
  const all = Object.entries(CORPUS).flatMap(([rule, { base, breaks, keeps }]) =>
    [{}, ...breaks, ...keeps].map((changes) => ({ rule, base, changes })),
  );
  return all
    .filter(({ base, changes }) => !/\$\{(var|data|random_password)\./.test(JSON.stringify([base, changes])))
    .map(({ rule, base, changes }, index) => ({ rule, stack: renamed(base, changes, index) }));
}

function renamed(base: Fixture, changes: Changes, index: number): SynthesizedStack {
  const json = stackOf(base, changes);
  const addresses = Object.entries(json.resource ?? {}).flatMap(([type, blocks]) =>
    Object.keys(blocks).map((id) => `${type}.${id}`),
  );
  const references = JSON.stringify(json).replace(/\b[a-z][a-z0-9_]*\.[A-Z]\w*/g, (address) =>
    addresses.includes(address) ? `${address}_${index}` : address,
  );
  const { resource = {}, data } = JSON.parse(references) as StackJson;
  const suffixed = Object.entries(resource).map(([type, blocks]) => [
    type,
    Object.fromEntries(Object.entries(blocks).map(([id, block]) => [`${id}_${index}`, block])),
  ]);
  return new SynthesizedStack(`case-${index}`, { resource: Object.fromEntries(suffixed), data });
}

/** What providers fill in, and checkov asks for: a plan of Terraform's own has it. */
const DEFAULTS: Readonly<Record<string, Fields>> = {
  // https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/sagemaker_notebook_instance
  aws_sagemaker_notebook_instance: { direct_internet_access: 'Enabled' },
  // https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/resources/mssql_server
  azurerm_mssql_server: { minimum_tls_version: '1.2' },
  // https://registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs/resources/storage_account
  azurerm_storage_account: { min_tls_version: 'TLS1_2', local_user_enabled: true },
};

/** Terraform's JSON of a plan, as far as checkov reads it: values that are known, and which resources refer to which. */
export function planOf(stacks: readonly SynthesizedStack[]): string {
  const resources = stacks.flatMap((stack) => stack.resources.map((resource) => ({ ...resource, stack })));
  const named = resources.map(({ address, type, block, stack }) => {
    const identity = { address, mode: 'managed', type, name: address.slice(type.length + 1) };
    const whole = { ...DEFAULTS[type], ...block };
    return {
      planned: { ...identity, values: knownValues(stack.known(whole)) },
      configured: { ...identity, expressions: expressionsOf(whole) },
    };
  });
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.11.4',
    planned_values: { root_module: { resources: named.map(({ planned }) => planned) } },
    configuration: { root_module: { resources: named.map(({ configured }) => configured) } },
  });
}

/** What isn't known isn't there. */
function knownValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(knownValues).filter((one) => one !== undefined);
  if (typeof value === 'object' && value !== null) {
    const known = Object.entries(value).map(([key, one]) => [key, knownValues(one)]);
    return Object.fromEntries(known.filter(([, one]) => one !== undefined));
  }
  return typeof value === 'string' && /^\$\{.*\}$/s.test(value) ? undefined : value;
}

/** What each argument refers to; of one that refers to nothing, that it is there. */
function expressionsOf(block: Fields): Fields {
  return Object.fromEntries(
    Object.entries(block).map(([argument, value]) => {
      const found = [...JSON.stringify(value).matchAll(/\$\{([a-z][a-z0-9_]*\.\w+)\.(\w+)\}/g)];
      const references = found.flatMap(([, address, attribute]) => [`${address}.${attribute}`, address]);
      return [argument, references.length > 0 ? { references } : {}];
    }),
  );
}

import { declaredIn, type Fields } from '../synthesized/stack-json';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { Block, isUnknown, textOf } from './block';

/** A statement of an IAM policy, its single values as lists. What only the cloud knows is text with `${` in it. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** By kind: `AWS`, `Service`, `Federated`; `*` for everybody is of each kind. */
  readonly principals: Readonly<Record<string, readonly string[]>>;
  readonly notPrincipals: boolean;
  /** Keys by operator: `{ StringEquals: { 'aws:SourceAccount': '111122223333' } }`. */
  readonly conditions: Readonly<Record<string, Fields>>;
}

/**
 * Statements of a policy, as text or as an object; none where it can't be known or isn't a policy.
 *
 * @param seen documents that are being read: one that takes itself over is read once
 */
export function statementsOf(
  policy: unknown,
  stack: SynthesizedStack,
  seen: ReadonlySet<string> = new Set(),
): Statement[] {
  if (typeof policy !== 'string') return statementsIn(policy);
  const document = /^\$\{data\.aws_iam_policy_document\.([\w-]+)(?:\[[^\]]*\])?\.(?:minified_)?json\}$/.exec(policy);
  if (document?.[1]) return documentStatements(document[1], stack, seen);
  try {
    return statementsIn(JSON.parse(policy));
  } catch {
    return [];
  }
}

/** Whether a statement lets anybody do it: every AWS account, or everybody at all. */
export function isPublic({ effect, principals, notPrincipals }: Statement): boolean {
  if (effect !== 'Allow') return false;
  return notPrincipals || Object.values(principals).some((names) => names.some((name) => name === '*'));
}

/** Whether a condition says who it is: by account, organization, network or the resource that asks. */
export function isNarrowed({ conditions }: Statement): boolean {
  return Object.entries(conditions).some(
    ([operator, keys]) =>
      !/^(Null|Bool|(ForAllValues:|ForAnyValue:)?\w*Not\w*)$/.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) => NARROWING.has(key.toLowerCase()) && !listOf(values).some((value) => /^\*+$/.test(value)),
      ),
  );
}

const NARROWING = new Set(
  [
    'aws:PrincipalAccount aws:PrincipalArn aws:PrincipalOrgID aws:PrincipalOrgPaths aws:SourceAccount aws:SourceArn',
    'aws:SourceIp aws:SourceOrgID aws:SourceOrgPaths aws:SourceOwner aws:SourceVpc aws:SourceVpce aws:userid',
    'kms:CallerAccount s3:DataAccessPointAccount AWS:SourceAccount AWS:SourceArn',
  ].flatMap((line) => line.toLowerCase().split(' ')),
);

function statementsIn(policy: unknown): Statement[] {
  return new Block(policy).all('Statement').map((statement) => ({
    effect: statement.text('Effect') || 'Deny',
    actions: texts(statement, 'Action'),
    notActions: texts(statement, 'NotAction'),
    resources: texts(statement, 'Resource'),
    notResources: texts(statement, 'NotResource'),
    principals: principalsOf(statement.get('Principal')),
    notPrincipals: statement.has('NotPrincipal'),
    conditions: (statement.get('Condition') ?? {}) as Record<string, Fields>,
  }));
}

function documentStatements(id: string, stack: SynthesizedStack, seen: ReadonlySet<string>): Statement[] {
  if (seen.has(id)) return [];
  const document = new Block(stack.known(declaredIn(stack.json, ['data', 'aws_iam_policy_document', id])));
  const others = ['source_policy_documents', 'override_policy_documents']
    .flatMap((name) => document.list(name))
    .flatMap((other) => statementsOf(other, stack, new Set([...seen, id])));
  const own = document.all('statement').map((statement) => ({
    effect: statement.text('effect') || 'Allow',
    actions: texts(statement, 'actions'),
    notActions: texts(statement, 'not_actions'),
    resources: texts(statement, 'resources'),
    notResources: texts(statement, 'not_resources'),
    principals: Object.fromEntries(
      statement.all('principals').map((one) => [one.text('type'), texts(one, 'identifiers')]),
    ),
    notPrincipals: statement.has('not_principals'),
    conditions: Object.fromEntries(
      statement.all('condition').map((one) => [one.text('test'), { [one.text('variable')]: one.get('values') }]),
    ),
  }));
  return [...others, ...own];
}

function principalsOf(principal: unknown): Record<string, string[]> {
  if (typeof principal === 'string') return isUnknown(principal) ? {} : { AWS: [principal] };
  return Object.fromEntries(Object.entries(principal ?? {}).map(([kind, names]) => [kind, listOf(names)]));
}

const texts = (block: Block, name: string) => block.texts(name);
const listOf = (value: unknown) => (Array.isArray(value) ? value : [value]).map(textOf);

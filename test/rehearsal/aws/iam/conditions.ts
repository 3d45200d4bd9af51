import { BlockList } from 'node:net';
import { matches } from './matching';
import { list, type OneOrMore, type Statement } from './policy';
import { withVariables } from './variables';

/** Keys of a request, in any case, with their values. */
export type Context = Readonly<Record<string, OneOrMore>>;

type Test = (actual: string, expected: string) => boolean;

const numbers =
  (compare: (actual: number, expected: number) => boolean): Test =>
  (actual, expected) =>
    compare(Number(actual), Number(expected));
const dates =
  (compare: (actual: number, expected: number) => boolean): Test =>
  (actual, expected) =>
    compare(Date.parse(actual), Date.parse(expected));
const arns: Test = (actual, expected) => {
  const [parts, patterns] = [segments(actual), segments(expected)];
  return patterns.length === parts.length && patterns.every((pattern, at) => matches(pattern, parts[at] ?? ''));
};

/** Operators that are met by one of the expected values; those with Not are met by none. Others are not known here. */
const OPERATORS: Readonly<Record<string, Test>> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: (actual, expected) => matches(expected, actual),
  ArnEquals: arns,
  ArnLike: arns,
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  IpAddress: inRange,
  NumericEquals: numbers((actual, expected) => actual === expected),
  NumericLessThan: numbers((actual, expected) => actual < expected),
  NumericLessThanEquals: numbers((actual, expected) => actual <= expected),
  NumericGreaterThan: numbers((actual, expected) => actual > expected),
  NumericGreaterThanEquals: numbers((actual, expected) => actual >= expected),
  DateEquals: dates((actual, expected) => actual === expected),
  DateLessThan: dates((actual, expected) => actual < expected),
  DateGreaterThan: dates((actual, expected) => actual > expected),
};

const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};

/**
 * Whether a statement's conditions are all met, as IAM's reference says of a key that is missing: not met, but for
 * operators with Not, `…IfExists` and `ForAllValues:…`.
 *
 * @throws Error for an operator that is not known here
 */
export function met({ Condition: conditions = {} }: Statement, context: Context): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => {
      const values = list(expected).flatMap((value) => withVariables(value, context) ?? []);
      return keyIsMet(operator, values, valuesOf(context, key));
    }),
  );
}

function keyIsMet(operator: string, expected: readonly string[], actual: readonly string[] | undefined): boolean {
  const [, set, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === 'Null') return expected.some((value) => (value === 'true') === (actual === undefined));
  const negated = NEGATED[name];
  const test = OPERATORS[negated ?? name];
  if (!test) throw new Error(`the evaluator knows no operator ${operator}`);
  if (actual === undefined) return set === 'ForAllValues' || (set === undefined && Boolean(ifExists ?? negated));
  const valueIsMet = (value: string) => expected.some((wanted) => test(value, wanted)) !== (negated !== undefined);
  return set === 'ForAllValues' ? actual.every(valueIsMet) : actual.some(valueIsMet);
}

function valuesOf(context: Context, key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found && list(found[1]);
}

/** The six of an ARN, of which the last may hold colons. */
export function segments(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function inRange(actual: string, expected: string): boolean {
  const [address = '', bits = '32'] = expected.split('/');
  const range = new BlockList();
  range.addSubnet(address, Number(bits), 'ipv4');
  return range.check(actual, 'ipv4');
}

/** A statement as IAM keeps it: one thing or a list of them everywhere. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, OneOrMore>>;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export interface Policy {
  readonly Statement: Statement | readonly Statement[];
}

export type OneOrMore = string | readonly string[];

export function list(value: OneOrMore | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

export function statementsOf({ Statement: statements }: Policy): readonly Statement[] {
  return Array.isArray(statements) ? statements : [statements as Statement];
}

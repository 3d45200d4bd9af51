import type { Fields, StackJson } from '../../../../src/synthesized/stack-json';

/** Resources by address, `aws_s3_bucket.Models`, data sources as `data.aws_iam_policy_document.Trust`. The first is the one in question. */
export type Fixture = Readonly<Record<string, Fields>>;

/** Takes an argument, or a resource, out. */
export const REMOVED = Symbol('removed');

/** Changes of a fixture: `encrypted`, of its first resource, or `aws_s3_bucket_versioning.Models:status`, or a whole resource. */
export type Changes = Readonly<Record<string, unknown>>;

export interface RuleCases {
  /** Keeps all rules. */
  readonly base: Fixture;
  /** Changes by which it breaks the rule in question. */
  readonly breaks: readonly Changes[];
  /** Changes by which it keeps that rule still. */
  readonly keeps: readonly Changes[];
}

export type Corpus = Readonly<Record<string, RuleCases>>;

export function cases(base: Fixture, breaks: readonly Changes[], keeps: readonly Changes[] = []): RuleCases {
  return { base, breaks, keeps };
}

/** A fixture as cdktf writes a stack. */
export function stackOf(fixture: Fixture, changes: Changes = {}): StackJson {
  const json: { resource: Blocks; data: Blocks } = { resource: {}, data: {} };
  for (const [address, block] of Object.entries(changed(fixture, changes))) {
    const [type, id] = address.replace(/^data\./, '').split('.') as [string, string];
    const kind = address.startsWith('data.') ? 'data' : 'resource';
    json[kind][type] = { ...json[kind][type], [id]: block };
  }
  return json;
}

type Blocks = Record<string, Record<string, Fields>>;

function changed(fixture: Fixture, changes: Changes): Record<string, Fields> {
  const copy = structuredClone(fixture) as Record<string, Fields>;
  const [main = ''] = Object.keys(fixture);
  for (const [where, value] of Object.entries(changes)) {
    if (where in fixture) {
      if (value === REMOVED) delete copy[where];
      else copy[where] = value as Fields;
      continue;
    }
    const [address, path] = where.includes(':') ? (where.split(':') as [string, string]) : [main, where];
    if (/^(data\.)?[a-z_0-9]+\.[A-Z]\w*$/.test(path) && !where.includes(':')) copy[path] = value as Fields;
    else set(copy[address], path.split('.'), value);
  }
  return copy;
}

function set(block: unknown, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof block !== 'object' || block === null) throw new Error(`nothing is there to change ${name} of`);
  if (rest.length > 0) {
    if (Reflect.get(block, name) === undefined) Reflect.set(block, name, {});
    set(Reflect.get(block, name), rest, value);
  } else if (value === REMOVED) Reflect.deleteProperty(block, name);
  else Reflect.set(block, name, value);
}

/** A policy as text, as constructs write it that know all of it. */
export const policy = (...statements: readonly Fields[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

export const allow = (action: string | readonly string[], resource: string | readonly string[]) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});

export const ACCOUNT = '111122223333';
export const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/00000000-0000-4000-8000-000000000001`;
export const CREDENTIAL = ['AKIA', 'QR5T7VX2ZB4D6F8H'].join('');

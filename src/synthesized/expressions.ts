import { createHash } from 'node:crypto';

/** What an expression refers to: `['kubernetes_namespace_v1', 'Namespace_9B63B8C8', 'metadata', 0, 'name']`. */
export type Address = readonly (string | number)[];

/** The value behind an address. */
export type Lookup = (address: Address) => unknown;

/** As people and Terraform write an address: `var.image`, `aws_s3_bucket.Models.arn`, `x.y.metadata[0].name`. */
export function written(address: Address): string {
  return address.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${part}`)).join('');
}

/**
 * Evaluates what cdktf writes into its JSON: text with `${…}` in it, of references and of the functions that the
 * constructs use. What is one expression as a whole keeps its type.
 *
 * @throws Error naming an expression that it doesn't understand
 */
export function evaluate(value: unknown, lookup: Lookup): unknown {
  if (Array.isArray(value)) return value.map((one) => evaluate(one, lookup));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, evaluate(one, lookup)]));
  }
  // Most text has nothing in it to evaluate.
  return typeof value === 'string' && value.includes('{') ? template(value, lookup) : value;
}

function template(text: string, lookup: Lookup): unknown {
  const parts: unknown[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    if (text.startsWith('$${', at) || text.startsWith('%%{', at)) {
      plain += text.slice(at + 1, at + 3);
      at += 3;
    } else if (text.startsWith('${', at)) {
      const expression = new Expression(text, at + 2, lookup);
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(expression.value());
      at = expression.end();
    } else {
      plain += text[at++];
    }
  }
  if (plain !== '') parts.push(plain);
  return parts.length === 1 ? parts[0] : parts.join('');
}

/** One expression within a text, from behind its `${` to its `}`. */
class Expression {
  constructor(
    private readonly text: string,
    private at: number,
    private readonly lookup: Lookup,
  ) {}

  value(): unknown {
    const number = this.take(/-?\d+(\.\d+)?/y);
    if (number !== undefined) return Number(number);
    const string = this.take(/"(?:[^"\\$]|\\.)*"/y);
    if (string !== undefined) return JSON.parse(string);
    const name = this.take(/[A-Za-z_][\w-]*/y);
    if (name === undefined) throw this.unknown();
    return this.take(/\(/y) ? this.call(name) : this.lookup(this.address(name));
  }

  /** Where the text goes on. */
  end(): number {
    if (this.take(/\}/y) === undefined) throw this.unknown();
    return this.at;
  }

  private call(name: string): unknown {
    const args: unknown[] = [];
    while (this.take(/\)/y) === undefined) {
      if (args.length > 0 && this.take(/,/y) === undefined) throw this.unknown();
      args.push(this.value());
    }
    const [first] = args;
    if (name === 'jsonencode' && args.length === 1) return jsonencode(first);
    if (name === 'sha256' && args.length === 1) return createHash('sha256').update(String(first)).digest('hex');
    throw this.unknown();
  }

  private address(first: string): Address {
    const parts: (string | number)[] = [first];
    for (;;) {
      const name = this.take(/\.[A-Za-z_][\w-]*/y);
      const index = name === undefined ? this.take(/\[(\d+|"[^"\\]*")\]/y) : undefined;
      if (name !== undefined) parts.push(name.slice(1));
      else if (index !== undefined) parts.push(JSON.parse(index.slice(1, -1)));
      else return parts;
    }
  }

  private take(pattern: RegExp): string | undefined {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private unknown(): Error {
    return new Error(`can't evaluate ${this.text} from "${this.text.slice(this.at)}" on`);
  }
}

/** As Terraform encodes: keys in order, and what HTML would misread escaped. */
function jsonencode(value: unknown): string {
  return JSON.stringify(inOrder(value)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, inOrder(one)]));
}

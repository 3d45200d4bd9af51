import { createHash } from 'node:crypto';

/** What an expression refers to: `['kubernetes_namespace_v1', 'Namespace_9B63B8C8', 'metadata', 0, 'name']`. */
export type Address = readonly (string | number)[];

/** The value behind an address. */
export type Lookup = (address: Address) => unknown;

/** As people and Terraform write an address: `var.image`, `aws_s3_bucket.Models.arn`, `x.y.metadata[0].name`. */
export function written(address: Address): string {
  return address.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${part}`)).join('');
}

/** What stands for an expression that isn't understood: `cidrsubnet(aws_vpc.Network.cidr_block, 4, 1)`. */
export type Opaque = (source: string) => unknown;

/**
 * Evaluates what cdktf writes into its JSON: text with `${…}` in it, of references and of the functions that the
 * constructs use. What is one expression as a whole keeps its type.
 *
 * @param opaque what to put for an expression, or a part of one, that it doesn't understand; without it, it throws
 * @throws Error naming an expression that it doesn't understand
 */
export function evaluate(value: unknown, lookup: Lookup, opaque?: Opaque): unknown {
  if (Array.isArray(value)) return value.map((one) => evaluate(one, lookup, opaque));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, evaluate(one, lookup, opaque)]));
  }
  return typeof value === 'string' && hasExpression(value) ? template(value, lookup, opaque) : value;
}

/** Most text has nothing in it to evaluate. */
export const hasExpression = (text: string): boolean => text.includes('${') || text.includes('%{');

/** What may be more than itself. */
const SPECIAL = /[$%\\]/g;

/** @param quoted whether it is in quotes, where Terraform's escapes are JSON's */
function template(text: string, lookup: Lookup, opaque?: Opaque, quoted = false): unknown {
  const parts: unknown[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    if (text.startsWith('$${', at) || text.startsWith('%%{', at)) {
      plain += text.slice(at + 1, at + 3);
      at += 3;
    } else if (text.startsWith('${', at)) {
      const expression = new Expression(text, at + 2, lookup, opaque);
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(expression.value());
      at = expression.end();
    } else if (quoted && text[at] === '\\') {
      const escaped = text.slice(at, at + (text[at + 1] === 'u' ? 6 : 2));
      plain += JSON.parse(`"${escaped}"`);
      at += escaped.length;
    } else {
      SPECIAL.lastIndex = at + 1;
      const next = SPECIAL.exec(text)?.index ?? text.length;
      plain += text.slice(at, next);
      at = next;
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
    private readonly opaque?: Opaque,
  ) {}

  value(): unknown {
    const from = this.at;
    try {
      const value = this.understood();
      // What goes on behind it, such as an operator, isn't understood.
      if (!this.isAt(/[,})\]]|=(?!=)/y)) throw this.unknown();
      return value;
    } catch (error) {
      if (!this.opaque) throw error;
      this.at = from;
      return this.opaque(this.skipped());
    }
  }

  private understood(): unknown {
    const number = this.take(/-?\d+(\.\d+)?/y);
    if (number !== undefined) return Number(number);
    if (this.isAt(/"/y)) return this.string();
    if (this.take(/\[/y)) return this.listTo(/\]/y, () => this.value());
    if (this.take(/\{/y)) return Object.fromEntries(this.listTo(/\}/y, () => this.entry()));
    const name = this.take(/[A-Za-z_][\w-]*/y);
    if (name === undefined || name === 'for') throw this.unknown();
    if (this.take(/\(/y)) return this.call(name);
    if (name in LITERALS) return LITERALS[name];
    return this.lookup(this.address(name));
  }

  /** A text in quotes, which may have expressions in it. */
  private string(): unknown {
    const from = this.at;
    this.skipString();
    return template(this.text.slice(from + 1, this.at - 1), this.lookup, this.opaque, true) ?? '';
  }

  private entry(): [string, unknown] {
    const key = this.value();
    if (this.take(/=/y) === undefined) throw this.unknown();
    return [String(key), this.value()];
  }

  private listTo<T>(end: RegExp, next: () => T): T[] {
    const all: T[] = [];
    while (this.take(end) === undefined) {
      if (all.length > 0 && this.take(/,/y) === undefined) throw this.unknown();
      all.push(next());
    }
    return all;
  }

  /** Passes over one value, whatever it is, and answers its source. */
  private skipped(): string {
    const from = this.at;
    for (let depth = 0; this.at < this.text.length; this.at++) {
      const character = this.text[this.at] as string;
      if (depth === 0 && /[,})\]]/.test(character)) break;
      if (/[({[]/.test(character)) depth++;
      if (/[)}\]]/.test(character)) depth--;
      if (character === '"') {
        this.skipString();
        this.at--;
      }
    }
    return this.text.slice(from, this.at).trim();
  }

  /** To behind the closing quote; expressions in it may have quotes of their own. */
  private skipString(): void {
    for (this.at++; this.text[this.at] !== '"'; this.at++) {
      if (this.at >= this.text.length) throw this.unknown();
      if (this.text[this.at] === '\\') this.at++;
      else if (this.text.startsWith('$${', this.at)) this.at += 2;
      else if (this.text.startsWith('${', this.at)) this.skipExpression();
    }
    this.at++;
  }

  private skipExpression(): void {
    this.at += 2;
    while (this.at < this.text.length && this.text[this.at] !== '}') {
      this.skipped();
      if (this.text[this.at] === ',') this.at++;
    }
  }

  /** Where the text goes on. */
  end(): number {
    if (this.take(/\}/y) === undefined) throw this.unknown();
    return this.at;
  }

  private call(name: string): unknown {
    const args = this.listTo(/\)/y, () => this.value());
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
    const found = this.isAt(pattern);
    this.at += found?.length ?? 0;
    return found;
  }

  private isAt(pattern: RegExp): string | undefined {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  private unknown(): Error {
    return new Error(`can't evaluate ${this.text} from "${this.text.slice(this.at)}" on`);
  }
}

const LITERALS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };

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

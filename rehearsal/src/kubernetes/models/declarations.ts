import { RehearsalError } from '../../errors';

/** A type as a generated declaration file has it. */
export type Type =
  | { readonly is: 'string' | 'number' | 'boolean' | 'null' | 'anything' }
  | { readonly is: 'literal'; readonly value: string }
  | { readonly is: 'union'; readonly of: readonly Type[] }
  | { readonly is: 'list' | 'map'; readonly of: Type }
  | { readonly is: 'object'; readonly members: readonly Member[] }
  | { readonly is: 'reference'; readonly to: string };

export interface Member {
  readonly name: string;
  readonly optional: boolean;
  readonly type: Type;
}

export interface Declarations {
  /** The module that each imported name is from. */
  readonly imports: ReadonlyMap<string, string>;
  /** Interfaces and type aliases, also under the names that they are exported by. */
  readonly types: ReadonlyMap<string, Type>;
  /** Names of what each interface extends. */
  readonly bases: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads the part of TypeScript that the generator of Kubernetes models writes: interfaces and aliases of literals,
 * unions, arrays, maps and objects. Classes are passed over.
 *
 * @throws RehearsalError at anything else
 */
export function readDeclarations(text: string, file: string): Declarations {
  return new Reader(text, file).read();
}

/** Comments, strings, names, and single characters. */
const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\]|\\.)*"|[A-Za-z_$][\w$]*|\S/g;
const WORDS = { string: 'string', number: 'number', boolean: 'boolean', null: 'null' } as const;
const ANYTHING = ['any', 'unknown', 'object'];

class Reader {
  private readonly tokens: readonly string[];
  private at = 0;
  private readonly imports = new Map<string, string>();
  private readonly types = new Map<string, Type>();
  private readonly bases = new Map<string, readonly string[]>();

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.tokens = (text.match(TOKEN) ?? []).filter((token) => !token.startsWith('/*') && !token.startsWith('//'));
  }

  read(): Declarations {
    while (this.at < this.tokens.length) this.statement();
    return { imports: this.imports, types: this.types, bases: this.bases };
  }

  private statement(): void {
    if (this.took('import')) this.import();
    else {
      this.take('export');
      if (this.took('interface')) this.interface();
      else if (this.took('declare')) this.passOver();
      else this.alias();
    }
  }

  /** `export type IDuration = string;`, or `export type { IIssuer as ILongName, … };` */
  private alias(): void {
    this.take('type');
    if (this.took('{')) this.exportedNames();
    else {
      const name = this.next();
      this.take('=');
      this.types.set(name, this.type());
      this.take(';');
    }
  }

  /** `import { A, B } from "module";` */
  private import(): void {
    this.take('{');
    const names: string[] = [];
    while (!this.took('}')) {
      names.push(this.next());
      this.took(',');
    }
    this.take('from');
    const module = JSON.parse(this.next()) as string;
    this.take(';');
    for (const name of names) this.imports.set(name, module);
  }

  private interface(): void {
    const name = this.next();
    const bases: string[] = [];
    if (this.took('extends')) {
      do bases.push(this.next());
      while (this.took(','));
    }
    this.bases.set(name, bases);
    this.types.set(name, this.object());
  }

  private exportedNames(): void {
    while (!this.took('}')) {
      const name = this.next();
      this.take('as');
      const exported = this.next();
      this.types.set(exported, { is: 'reference', to: name });
      this.took(',');
    }
    this.took(';');
  }

  /** Up to the end of a block in braces. */
  private passOver(): void {
    while (this.tokens[this.at] !== '{') this.next();
    let depth = 0;
    do {
      const token = this.next();
      if (token === '{') depth++;
      if (token === '}') depth--;
    } while (depth > 0);
  }

  private type(): Type {
    this.took('|');
    const parts = [this.single()];
    while (this.took('|')) parts.push(this.single());
    return parts.length === 1 ? (parts[0] as Type) : { is: 'union', of: parts };
  }

  private single(): Type {
    if (this.tokens[this.at] === '{') return this.object();
    const token = this.next();
    if (token.startsWith('"')) return { is: 'literal', value: JSON.parse(token) as string };
    if (ANYTHING.includes(token)) return { is: 'anything' };
    if (token in WORDS) return { is: WORDS[token as keyof typeof WORDS] };
    if (token === 'Array') {
      this.take('<');
      const of = this.type();
      this.take('>');
      return { is: 'list', of };
    }
    if (!/^[A-Za-z_$]/.test(token)) throw this.unknown(token);
    return { is: 'reference', to: token };
  }

  private object(): Type {
    this.take('{');
    if (this.took('[')) {
      while (!this.took(']')) this.next();
      this.take(':');
      const of = this.type();
      this.took(';');
      this.take('}');
      return { is: 'map', of };
    }
    const members: Member[] = [];
    while (!this.took('}')) {
      const name = this.next();
      const optional = this.took('?');
      this.take(':');
      members.push({ name: name.startsWith('"') ? (JSON.parse(name) as string) : name, optional, type: this.type() });
      this.took(';');
    }
    return { is: 'object', members };
  }

  private next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new RehearsalError(`${this.file} ends in the middle of a declaration`);
    return token;
  }

  private took(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private take(token: string): void {
    const found = this.next();
    if (found !== token) throw this.unknown(found, token);
  }

  private unknown(found: string, wanted = 'a type'): RehearsalError {
    const before = this.tokens.slice(Math.max(0, this.at - 8), this.at).join(' ');
    return new RehearsalError(`${this.file}: expected ${wanted}, found ${found}, after ${before}`);
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RehearsalError } from '../errors';

/**
 * Reads the TypeScript that cdktf-provider-generator emitted for one resource, from the inline source map of the
 * package's JavaScript. The generator's output is regular enough to be read line by line. Of each attribute it holds the
 * comment `// <name> - computed: X, optional: Y, required: Z`, and of each one that can be set, an entry of
 * `…ToHclTerraform` or `synthesizeHclAttributes`: mapper, isBlock, type, storageClassType.
 */
export interface GeneratedSource {
  /** Fields by interface name. */
  readonly interfaces: Map<string, Map<string, Field>>;
  /** HCL entries by struct name. */
  readonly hcl: Map<string, Map<string, HclEntry>>;
  /** `fooToHclTerraform` → the struct it maps. */
  readonly mapperStruct: Map<string, string>;
  readonly classes: Map<string, GeneratedClass>;
}

export interface Field {
  readonly optional: boolean;
  /** The first line of its comment, '' when that only links the docs. */
  readonly doc: string;
}

export interface HclEntry {
  /** The expression that makes the value. */
  readonly value: string;
  readonly type: string;
}

export interface GeneratedClass {
  readonly name: string;
  readonly base: string;
  readonly tfType?: string;
  readonly attributes: readonly GeneratedAttribute[];
  readonly hcl: Map<string, HclEntry>;
}

export interface GeneratedAttribute {
  readonly name: string;
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  /** The declaration's first lines. */
  readonly declaration: string;
  readonly body: string;
}

/** The folder of one resource, data source or provider in a package's `lib`; huge ones are split into `index-structs`. */
export function readGenerated(folder: string): GeneratedSource {
  const source: GeneratedSource = {
    interfaces: new Map(),
    hcl: new Map(),
    mapperStruct: new Map(),
    classes: new Map(),
  };
  parseInto(source, sourceOf(join(folder, 'index.js')));
  const structs = join(folder, 'index-structs');
  if (existsSync(structs)) {
    for (const file of readdirSync(structs))
      if (/^structs\d+\.js$/.test(file)) parseInto(source, sourceOf(join(structs, file)));
  }
  return source;
}

const SOURCE_MAP = 'sourceMappingURL=data:application/json;base64,';

/** @throws RehearsalError when the package was published without its sources */
function sourceOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  const at = text.lastIndexOf(SOURCE_MAP);
  const map =
    at < 0 ? undefined : JSON.parse(Buffer.from(text.slice(at + SOURCE_MAP.length), 'base64').toString('utf8'));
  const source = map?.sourcesContent?.[0];
  if (typeof source !== 'string') {
    throw new RehearsalError(
      `${file} has no inline source map with its TypeScript, so no provider schema can be derived from it`,
      'Install the package as it is published, or rehearse with the real provider',
    );
  }
  return source;
}

function parseInto(source: GeneratedSource, text: string): void {
  const lines = text.split('\n');
  for (let start = 0; start < lines.length; start++) {
    const line = lines[start] as string;
    if (!line.startsWith('export ')) continue;
    let end = start;
    while (end < lines.length && lines[end] !== '}') end++;
    const found =
      parseInterface(source, lines, line, start, end) ||
      parseMapping(source, lines, line, start, end) ||
      parseClass(source, lines, line, start, end);
    if (found) start = end;
  }
}

function parseInterface(source: GeneratedSource, lines: string[], line: string, start: number, end: number): boolean {
  const name = /^export interface (\w+)/.exec(line)?.[1];
  if (!name) return false;
  const fields = new Map<string, Field>();
  let doc: string | undefined;
  for (const text of lines.slice(start + 1, end)) {
    const field = /^ {2}readonly (\w+)(\??): /.exec(text);
    if (text === '  /**') doc = undefined;
    else if (field?.[1]) {
      fields.set(field[1], { optional: field[2] === '?', doc: doc && !doc.startsWith('Docs at') ? doc : '' });
      doc = undefined;
    } else if (doc === undefined && /^ {2}\* ?/.test(text) && !text.startsWith('  */'))
      doc = text.replace(/^ {2}\* ?/, '');
  }
  source.interfaces.set(name, fields);
  return true;
}

function parseMapping(source: GeneratedSource, lines: string[], line: string, start: number, end: number): boolean {
  const [, name, parameter] = /^export function (\w+ToHclTerraform)\(struct\?: (\w+)/.exec(line) ?? [];
  if (!name || !parameter) return false;
  const struct = parameter.replace(/OutputReference$/, '');
  source.mapperStruct.set(name, struct);
  source.hcl.set(struct, parseHcl(lines, start, end));
  return true;
}

function parseClass(source: GeneratedSource, lines: string[], line: string, start: number, end: number): boolean {
  const [, name, base] = /^export class (\w+) extends cdktf\.(\w+)/.exec(line) ?? [];
  if (!name || !base) return false;
  const attributes: GeneratedAttribute[] = [];
  let tfType: string | undefined;
  let hcl = new Map<string, HclEntry>();
  for (let k = start; k < end; k++) {
    const text = lines[k] as string;
    const flags = /^ {2}\/\/ (\S+) - computed: (true|false), optional: (true|false), required: (true|false)$/.exec(
      text,
    );
    if (flags?.[1]) {
      attributes.push({
        name: flags[1],
        computed: flags[2] === 'true',
        optional: flags[3] === 'true',
        required: flags[4] === 'true',
        declaration: (lines[k + 1] ?? '').trim(),
        body: lines.slice(k + 1, k + 4).join('\n'),
      });
    } else if (text.includes('tfResourceType = "')) tfType = /tfResourceType = "([^"]+)"/.exec(text)?.[1];
    else if (text.startsWith('  protected synthesizeHclAttributes')) hcl = parseHcl(lines, k, end);
  }
  source.classes.set(name, { name, base, tfType, attributes, hcl });
  return true;
}

function parseHcl(lines: string[], from: number, to: number): Map<string, HclEntry> {
  const entries = new Map<string, HclEntry>();
  for (let k = from; k < to; k++) {
    const name = /^ {4,6}(\S+): \{$/.exec(lines[k] ?? '')?.[1];
    const value = name && /^\s+value: (.*),$/.exec(lines[k + 1] ?? '')?.[1];
    const type = value && /^\s+type: "(\w+)",$/.exec(lines[k + 3] ?? '')?.[1];
    if (type) entries.set(name.replace(/^"|"$/g, ''), { value, type });
  }
  return entries;
}

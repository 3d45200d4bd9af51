import type { GeneratedAttribute, GeneratedSource, HclEntry } from './generated-source';
import type { Primitive } from './schema';

/** The type of an attribute as the generated TypeScript tells it; a struct is one of its interfaces. */
export type Shape =
  | { readonly kind: 'primitive'; readonly type: Primitive }
  | { readonly kind: 'struct'; readonly struct: string }
  | { readonly kind: 'list' | 'set' | 'map'; readonly element: Shape };

export interface ShapedAttribute {
  readonly shape: Shape;
  /** Whether the mapper says that each element is a block. */
  readonly repeatedBlock: boolean;
  /** Whether it is a list or set block of at most one, which the generator turned into a plain struct. */
  readonly singleBlock: boolean;
}

const PRIMITIVES: Record<string, Primitive> = { string: 'string', number: 'number', boolean: 'bool', any: 'dynamic' };
const DYNAMIC: Shape = { kind: 'primitive', type: 'dynamic' };

function primitive(word: string): Shape {
  const type = PRIMITIVES[word.toLowerCase()];
  if (!type) throw new Error(`unknown primitive ${word}`);
  return { kind: 'primitive', type };
}

/** A map of anything is how the generator writes a dynamic attribute. */
function collection(kind: 'list' | 'set' | 'map', element: Shape): Shape {
  return kind === 'map' && element.kind === 'primitive' && element.type === 'dynamic' ? DYNAMIC : { kind, element };
}

/** From what an attribute is set by, when it can be set, or else from how it is read. */
export function shapeOf(
  attribute: GeneratedAttribute & { readonly hcl?: HclEntry },
  source: GeneratedSource,
): ShapedAttribute {
  if (!attribute.hcl) return { shape: readShape(attribute, source), repeatedBlock: false, singleBlock: false };
  const mapped = parseMapper(attribute.hcl.value, source);
  const { type } = attribute.hcl;
  if (type !== 'set' && type !== 'list') return { shape: mapped.shape, repeatedBlock: false, singleBlock: false };
  if (mapped.shape.kind !== 'list')
    return { shape: { kind: type, element: mapped.shape }, repeatedBlock: true, singleBlock: true };
  return { shape: { kind: type, element: mapped.shape.element }, repeatedBlock: mapped.isBlock, singleBlock: false };
}

/** `cdktf.listMapperHcl(fooToHclTerraform, true)(this._x)` → a list of struct Foo, as blocks. */
function parseMapper(expression: string, source: GeneratedSource): { shape: Shape; isBlock: boolean } {
  const text = /^.* === undefined \? .* : (.*)$/.exec(expression)?.[1] ?? expression; // an attribute with a default of cdktf's
  let position = 0;
  const eat = (literal: string) => {
    const found = text.startsWith(literal, position);
    if (found) position += literal.length;
    return found;
  };
  const parse = (): { shape: Shape; isBlock: boolean } => {
    if (eat('cdktf.listMapperHcl(')) {
      const { shape } = parse();
      const isBlock = eat(', true)');
      if (!isBlock && !eat(', false)')) throw new Error(`unknown mapper ${expression}`);
      return { shape: collection('list', shape), isBlock };
    }
    if (eat('cdktf.hashMapperHcl(')) {
      const { shape } = parse();
      if (!eat(')')) throw new Error(`unknown mapper ${expression}`);
      return { shape: collection('map', shape), isBlock: false };
    }
    const [all, library, name] = /^(cdktf\.)?(\w+)/.exec(text.slice(position)) ?? [];
    if (!all || !name) throw new Error(`unknown mapper ${expression}`);
    position += all.length;
    if (library) return { shape: primitive(name.replace(/ToHclTerraform$/, '')), isBlock: false };
    const struct = source.mapperStruct.get(name);
    if (!struct) throw new Error(`mapper ${name} is not in the source`);
    return { shape: { kind: 'struct', struct }, isBlock: false };
  };
  return parse();
}

function readShape({ name, declaration, body }: GeneratedAttribute, source: GeneratedSource): Shape {
  const member = /^private \w+ = new (cdktf\.)?(\w+)\(this, "[^"]+"(?:, (true|false))?\);$/.exec(declaration);
  if (member?.[2])
    return member[1]
      ? libraryShape(member[2], member[3] === 'true')
      : classShape(member[2], member[3] === 'true', source);
  if (/cdktf\.Fn\.tolist\(this\.getListAttribute/.test(body)) return collection('set', primitive('string'));
  if (/tolist\(this\.getNumberListAttribute/.test(body)) return collection('set', primitive('number'));
  if (/tolist\(this\.interpolationForAttribute/.test(body)) return collection('set', primitive('boolean')); // the only set left
  if (/this\.getListAttribute/.test(body)) return collection('list', primitive('string'));
  if (/this\.getNumberListAttribute/.test(body)) return collection('list', primitive('number'));
  const map = /this\.get(String|Number|Boolean|Any)MapAttribute/.exec(body)?.[1];
  if (map) return collection('map', primitive(map));
  const scalar = /this\.get(String|Number|Boolean|Any)Attribute/.exec(body)?.[1];
  if (scalar) return primitive(scalar);
  if (/interpolationForAttribute/.test(body)) return DYNAMIC;
  throw new Error(`attribute ${name} has no type in ${JSON.stringify(body)}`);
}

/** `StringMap`, `BooleanList`, `NumberListList`: cdktf's own collections, innermost first. */
function libraryShape(className: string, isSet: boolean): Shape {
  const [first = '', ...rest] = className.match(/[A-Z][a-z]+/g) ?? [];
  return rest.reduce<Shape>(
    (shape, word, i) => collection(word === 'Map' ? 'map' : isSet && i === rest.length - 1 ? 'set' : 'list', shape),
    primitive(first),
  );
}

function classShape(name: string, isSet: boolean, source: GeneratedSource): Shape {
  const base = source.classes.get(name)?.base;
  const struct = (suffix: string): Shape => ({ kind: 'struct', struct: name.slice(0, -suffix.length) });
  const outer = isSet ? 'set' : 'list';
  if (base === 'ComplexObject' && name.endsWith('OutputReference')) return struct('OutputReference');
  if (base === 'ComplexList') return { kind: outer, element: struct('List') };
  if (base === 'ComplexMap') {
    if (name.endsWith('ListMap')) return { kind: 'map', element: { kind: 'list', element: struct('ListMap') } };
    return { kind: 'map', element: struct('Map') };
  }
  if (base === 'MapList') {
    if (name.endsWith('MapList')) return { kind: outer, element: { kind: 'map', element: struct('MapList') } };
    return { kind: outer, element: { kind: 'list', element: struct('ListList') } };
  }
  throw new Error(`class ${name} extends ${base ?? 'nothing known'}`);
}

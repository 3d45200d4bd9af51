import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RehearsalError } from '../../errors';
import type { KindName } from '../crds';
import type { InstallingOptions } from '../programs';
import { type Declarations, type Member, readDeclarations, type Type } from './declarations';
import { MODEL_PACKAGES, modelPackages } from './packages';

export interface DerivedCrd extends KindName {
  /** The package that its schema is derived from: `@kubernetes-models/cert-manager@6.0.0`. */
  readonly source: string;
  /** A CustomResourceDefinition with this version alone. */
  readonly definition: object;
}

/** A structural schema. */
type Schema = Readonly<Record<string, unknown>>;

/** Kinds whose objects are in no namespace, beside those whose name begins with Cluster: types don't say it. */
const CLUSTER_SCOPED = [
  'ValidatingPolicy',
  'MutatingPolicy',
  'GeneratingPolicy',
  'DeletingPolicy',
  'ImageValidatingPolicy',
  'GlobalContextEntry',
];

const ANYTHING: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

/**
 * Definitions of kinds whose operator doesn't run here, derived from types: the API server then refuses fields that don't
 * exist, wrong types, missing fields and words that aren't among the allowed. What types don't say it can't refuse:
 * whole numbers, bounds, patterns, rules between fields.
 *
 * @returns one for each kind that a package has; none for the others
 * @throws RehearsalError when npm can't install the packages, or a type isn't understood
 */
export async function derivedCrds(kinds: readonly KindName[], options: InstallingOptions = {}): Promise<DerivedCrd[]> {
  const modules = await modelPackages(options);
  return kinds.flatMap((name) => {
    const { apiVersion, kind } = name;
    const [group = '', version = ''] = apiVersion.split('/');
    const found = Object.entries(MODEL_PACKAGES).find(([, { groups }]) => groups.some((one) => one === group));
    if (!found) return [];
    const [module, { version: moduleVersion }] = found;
    const file = join(modules, module, group, version, `${kind}.d.ts`);
    if (!existsSync(file)) return [];
    const schema = new TypeSchemas(modules).ofKind(file, `I${kind}`);
    return [
      { apiVersion, kind, source: `${module}@${moduleVersion}`, definition: definition(group, version, kind, schema) },
    ];
  });
}

function definition(group: string, version: string, kind: string, schema: Schema): object {
  const singular = kind.toLowerCase();
  const plural = /[^aeiou]y$/.test(singular) ? singular.replace(/y$/, 'ies') : `${singular}s`;
  const scope = kind.startsWith('Cluster') || CLUSTER_SCOPED.includes(kind) ? 'Cluster' : 'Namespaced';
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, listKind: `${kind}List`, plural, singular },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

class TypeSchemas {
  private readonly files = new Map<string, Declarations>();
  /** Types being derived, so that one which contains itself ends. */
  private readonly within: string[] = [];

  constructor(private readonly modules: string) {}

  ofKind(file: string, name: string): Schema {
    const members = this.members(file, name).filter(
      (member) => !['apiVersion', 'kind', 'metadata', 'status'].includes(member.member.name),
    );
    return {
      type: 'object',
      required: members.filter(({ member }) => !member.optional).map(({ member }) => member.name),
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { type: 'object' },
        status: { type: 'object', ...ANYTHING },
        ...Object.fromEntries(members.map(({ member, file }) => [member.name, this.of(member.type, file)])),
      },
    };
  }

  private of(type: Type, file: string): Schema {
    switch (type.is) {
      case 'literal':
        return { type: 'string', enum: [type.value] };
      case 'list':
        return { type: 'array', items: this.of(type.of, file) };
      case 'map':
        return { type: 'object', additionalProperties: this.of(type.of, file) };
      case 'object':
        return this.ofMembers(type.members.map((member) => ({ member, file })));
      case 'union':
        return this.ofUnion(type.of, file);
      case 'reference':
        return this.ofName(type.to, file);
      case 'anything':
      case 'null':
        return ANYTHING;
      default:
        return { type: type.is };
    }
  }

  private ofUnion(types: readonly Type[], file: string): Schema {
    const some = types.filter(({ is }) => is !== 'null');
    const nullable = some.length < types.length ? { nullable: true } : {};
    const values = some.flatMap((type) => (type.is === 'literal' ? [type.value] : []));
    if (values.length === some.length) return { type: 'string', enum: values, ...nullable };
    if (some.length === 1) return { ...this.of(some[0] as Type, file), ...nullable };
    const words = some.map(({ is }) => is).sort();
    if (words.join() === 'number,string') return { 'x-kubernetes-int-or-string': true, ...nullable };
    throw new RehearsalError(`${file}: a union of ${words.join(', ')} has no structural schema`);
  }

  private ofName(name: string, file: string): Schema {
    const found = this.find(name, file);
    const key = `${found.file} ${found.name}`;
    if (this.within.includes(key)) return ANYTHING;
    this.within.push(key);
    try {
      const { type } = found;
      return type.is === 'object' ? this.ofMembers(this.members(found.file, found.name)) : this.of(type, found.file);
    } finally {
      this.within.pop();
    }
  }

  /** An interface without members stands for any JSON. */
  private ofMembers(members: readonly MemberIn[]): Schema {
    if (members.length === 0) return ANYTHING;
    const required = members.filter(({ member }) => !member.optional).map(({ member }) => member.name);
    return {
      type: 'object',
      properties: Object.fromEntries(members.map(({ member, file }) => [member.name, this.of(member.type, file)])),
      ...(required.length > 0 && { required }),
    };
  }

  /** An interface's own members and those of what it extends. */
  private members(file: string, name: string): MemberIn[] {
    const { types, bases } = this.read(file);
    const type = types.get(name);
    if (type?.is !== 'object') throw new RehearsalError(`${file} has no interface ${name}`);
    const inherited = (bases.get(name) ?? [])
      .filter((base) => base !== 'TypeMeta')
      .map((base) => this.find(base, file))
      .flatMap((base) => this.members(base.file, base.name));
    return [...inherited, ...type.members.map((member) => ({ member, file }))];
  }

  /** The declaration behind a name, in this file or where it is imported from. */
  private find(name: string, file: string): { readonly file: string; readonly name: string; readonly type: Type } {
    const { types, imports } = this.read(file);
    const type = types.get(name);
    if (type?.is === 'reference') return this.find(type.to, file);
    if (type) return { file, name, type };
    const module = imports.get(name);
    if (!module) throw new RehearsalError(`${file} refers to ${name}, which it doesn't have`);
    const path = module.startsWith('.') ? resolve(dirname(file), module) : join(this.modules, module);
    return this.find(name, `${path.replace(/\.js$/, '')}.d.ts`);
  }

  private read(file: string): Declarations {
    const known = this.files.get(file);
    if (known) return known;
    const declarations = readDeclarations(readFileSync(file, 'utf8'), file);
    this.files.set(file, declarations);
    return declarations;
  }
}

/** A member, and the file whose names its type speaks. */
interface MemberIn {
  readonly member: Member;
  readonly file: string;
}

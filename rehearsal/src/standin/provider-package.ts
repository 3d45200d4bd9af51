import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RehearsalError } from '../errors';
import { providerAddress } from '../terraform/provider-address';
import { type DeriveOptions, deriveType } from './derive';
import type { Block, DerivedType, TypeKind } from './schema';

/** An installed `@cdktf/provider-<name>`, seen as a provider's schema. A type is derived when it is first asked for. */
export class ProviderPackage {
  /** e.g. `registry.terraform.io/hashicorp/kubernetes` */
  readonly source: string;
  /** The provider's version that the package was generated from, e.g. `2.38.0`. */
  readonly version: string;
  private readonly derived = new Map<string, DerivedType | undefined>();

  /** @throws RehearsalError when the package isn't one of cdktf's prebuilt providers */
  constructor(
    readonly folder: string,
    private readonly options: DeriveOptions = {},
  ) {
    const file = join(folder, 'lib', 'provider', 'index.js');
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const version = /providerVersion: '([^']+)'/.exec(text)?.[1];
    const source = /terraformProviderSource: '([^']+)'/.exec(text)?.[1];
    const name = /providerName: '([^']+)'/.exec(text)?.[1];
    if (!version || !name)
      throw new RehearsalError(`${folder} is not a prebuilt provider of cdktf: no version in ${file}`);
    this.version = version;
    this.source = providerAddress(source ?? name);
  }

  provider(): Block {
    return (this.derive('provider') as DerivedType).block;
  }

  /** @throws RehearsalError when the provider has no such type */
  block(kind: 'resource' | 'data', type: string): Block {
    const found = this.find(kind, type);
    if (!found) throw new RehearsalError(`${this.source} ${this.version} has no ${kind} ${type}`);
    return found.block;
  }

  find(kind: 'resource' | 'data', type: string): DerivedType | undefined {
    const folder = this.folderOf(kind, type);
    const found = folder && this.derive(folder);
    return found && found.kind === kind && found.type === type ? found : undefined;
  }

  /** Every type that the provider has. Derives them all: seconds for the large providers. */
  *all(): Generator<DerivedType> {
    for (const folder of this.folders()) {
      const found = this.derive(folder);
      if (found) yield found;
    }
  }

  private derive(folder: string): DerivedType | undefined {
    if (!this.derived.has(folder)) this.derived.set(folder, deriveType(join(this.folder, 'lib', folder), this.options));
    return this.derived.get(folder);
  }

  private folders(): string[] {
    const lib = join(this.folder, 'lib');
    return readdirSync(lib).filter((name) => existsSync(join(lib, name, 'index.js')));
  }

  /** By the generator's naming, `aws_s3_bucket` → `s3-bucket`; the few that it had to rename are looked up. */
  private folderOf(kind: TypeKind, type: string): string | undefined {
    const words = type.replaceAll('_', '-');
    const guess = kind === 'data' ? `data-${words}` : words.slice(words.indexOf('-') + 1);
    if (this.isType(guess, type)) return guess;
    return this.folders().find(
      (folder) => folder.startsWith('data-') === (kind === 'data') && this.isType(folder, type),
    );
  }

  private isType(folder: string, type: string): boolean {
    const file = join(this.folder, 'lib', folder, 'index.d.ts');
    return existsSync(file) && readFileSync(file, 'utf8').includes(`tfResourceType = "${type}"`);
  }
}

/** Where a project has `@cdktf/provider-<name>` installed; undefined when it hasn't. */
export function findProviderPackage(project: string, name: string): string | undefined {
  try {
    return dirname(createRequire(join(project, 'package.json')).resolve(`@cdktf/provider-${name}/package.json`));
  } catch {
    return undefined;
  }
}

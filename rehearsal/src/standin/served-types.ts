import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TypeNames {
  readonly resource: ReadonlySet<string>;
  readonly data: ReadonlySet<string>;
}

/**
 * The types that the Terraform JSON files under some folders name, and every one that was ever seen there: a resource
 * that left the configuration is still in the state. A provider of 1,500 types is served in the dozen that are used.
 */
export class ServedTypes {
  private readonly resource = new Set<string>();
  private readonly data = new Set<string>();

  /** @param folder holds `*.tf.json`, or cdktf's output with `stacks/<stack>/cdk.tf.json` */
  constructor(private readonly folder: string) {}

  current(): TypeNames {
    const stacks = join(this.folder, 'stacks');
    const folders = existsSync(stacks) ? readdirSync(stacks).map((name) => join(stacks, name)) : [this.folder];
    for (const folder of folders) {
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.tf.json'))) {
        const config = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, object | undefined>;
        for (const kind of ['resource', 'data'] as const) {
          for (const type of Object.keys(config[kind] ?? {})) this[kind].add(type);
        }
      }
    }
    return { resource: this.resource, data: this.data };
  }
}

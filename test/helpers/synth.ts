import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from '@cdktf/hcl-tools';
import { App, TerraformStack, Testing } from 'cdktf';

type Attributes = Record<string, unknown>;

/** What a stack synthesizes to, with validations run. */
export class SynthesizedStack {
  constructor(
    readonly json: Attributes,
    private readonly stack: TerraformStack,
  ) {}

  /** Resources of a type by logical id; empty when there is none. */
  resources(type: string): Record<string, Attributes> {
    return this.block('resource', type);
  }

  dataSources(type: string): Record<string, Attributes> {
    return this.block('data', type);
  }

  /** The one resource of a type. Fails when there is none, or more than one. */
  resource(type: string): Attributes {
    const found = Object.entries(this.resources(type));
    if (found.length !== 1 || !found[0]) {
      throw new Error(`expected one ${type}, found ${found.length}: ${found.map(([id]) => id).join(', ')}`);
    }
    return found[0][1];
  }

  /** Types of all resources, sorted. */
  resourceTypes(): string[] {
    return Object.keys((this.json.resource as Attributes | undefined) ?? {}).sort();
  }

  outputs(): Record<string, Attributes> {
    return (this.json.output as Record<string, Attributes> | undefined) ?? {};
  }

  /** Formatted HCL without the metadata, for snapshots; the same wherever the repository lies. */
  hcl(): Promise<string> {
    return format(Testing.synthHcl(this.stack).replaceAll(`${process.cwd()}/`, ''));
  }

  private block(kind: 'resource' | 'data', type: string): Record<string, Attributes> {
    const blocks = this.json[kind] as Record<string, Record<string, Attributes>> | undefined;
    return blocks?.[type] ?? {};
  }
}

/** Builds a stack inside an app of its own and synthesizes it as `cdktf synth` would, validations included. */
export function synthesize(build: (app: App) => TerraformStack): SynthesizedStack {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    const app = new App({ outdir });
    const stack = build(app);
    app.synth();
    const file = join(outdir, 'stacks', stack.node.id, 'cdk.tf.json');
    return new SynthesizedStack(JSON.parse(readFileSync(file, 'utf8')), stack);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The same for constructs alone: `build` adds them to an empty stack named `test`. */
export function synthesizeConstructs(build: (stack: TerraformStack) => void): SynthesizedStack {
  return synthesize((app) => {
    const stack = new TerraformStack(app, 'test');
    build(stack);
    return stack;
  });
}

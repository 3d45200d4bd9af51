/** Synthesizes the stacks of a config once, as `app/main.ts` does, and prints what that took: `synth-process.js <config> with|without`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { loadConfig } from '../../src';
import type { Guard } from '../../src/guards';
import * as guards from '../../src/guards';
import { addGuards, addStacks } from '../../stacks/add-stacks';

/** What one synth took. */
export interface SynthCost {
  /** Processor time of all threads of the process so far, without the kernel's, in milliseconds. */
  readonly userMs: number;
  readonly stacks: number;
  readonly resources: number;
  /** How long each guard looked, in milliseconds. */
  readonly guardMs: Readonly<Record<string, number>>;
}

const guardMs: Record<string, number> = {};

function timeGuards(): void {
  for (const [name, exported] of Object.entries(guards)) {
    const prototype = (exported as { prototype?: Guard }).prototype;
    if (typeof prototype?.check !== 'function') continue;
    const { check } = prototype;
    prototype.check = function (stacks) {
      const started = performance.now();
      try {
        return check.call(this, stacks);
      } finally {
        guardMs[name] = (guardMs[name] ?? 0) + performance.now() - started;
      }
    };
  }
}

const [, , file = '.', mode] = process.argv;
const outdir = mkdtempSync(join(tmpdir(), 'synth-process-'));
try {
  const app = new App({ outdir });
  const config = loadConfig(file);
  const groups = addStacks(app, config);
  if (mode === 'with') {
    timeGuards();
    addGuards(groups, config);
  }
  app.synth();
  const userMs = process.cpuUsage().user / 1000;
  const stacks = groups.flatMap((group) => group.stacks);
  const resources = stacks.flatMap((stack) => guards.synthesizedStack(stack).resources).length;
  const cost: SynthCost = { userMs, stacks: stacks.length, resources, guardMs };
  process.stdout.write(JSON.stringify(cost));
} finally {
  rmSync(outdir, { recursive: true });
}

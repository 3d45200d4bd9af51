import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';

/** Gives an app a folder of its own to synthesize to, which is gone afterwards. */
export function inOutdir<T>(work: (app: App, outdir: string) => T): T {
  const outdir = mkdtempSync(join(tmpdir(), 'recommender-synth-'));
  try {
    return work(new App({ outdir }), outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

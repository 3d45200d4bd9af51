import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlPlane, type Helm, helmOn, startControlPlane } from '@cdktf-recommender/rehearsal';

/** Helm on an API server of its own, for the tests of a file. Both are there once a test runs. */
export interface HelmForTests {
  controlPlane: ControlPlane;
  helm: Helm;
  /** A folder that is gone when the tests are over. */
  readonly folder: string;
}

export function helmForTests(): HelmForTests {
  const given = { folder: mkdtempSync(join(tmpdir(), 'helm-')) } as HelmForTests;
  beforeAll(async () => {
    const onProgress = (line: string) => console.error(line);
    given.controlPlane = await startControlPlane({ onProgress });
    given.helm = await helmOn(given.controlPlane, { onProgress });
  }, 1_800_000);
  afterAll(async () => {
    await given.controlPlane?.stop();
    rmSync(given.folder, { recursive: true, force: true });
  });
  return given;
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { JITI_ALIAS } from '../trainer/sources';

const ROOT = join(__dirname, '../..');
const PROGRAM = ['node_modules/jiti/lib/jiti-cli.mjs', 'test/trainer/online-retail-process.ts', 'train'];

interface Run {
  version: string;
  seconds: number;
  /** What of a core it took, start and all: the same whatever else runs on the machine. */
  processorSeconds: number;
  peakRssBytes: number;
}

/** One training on the first core alone, where the system can say so. */
function trainOnOneCore(): Run {
  const node = [process.execPath, ...PROGRAM];
  const command = process.platform === 'linux' ? ['taskset', '-c', '0', ...node] : node;
  const { stdout, stderr } = spawnSync(command[0] as string, command.slice(1), {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, JITI_ALIAS },
  });
  if (!stdout?.startsWith('{')) throw new Error(`the training failed: ${stderr}`);
  return JSON.parse(stdout);
}

it('trains on Online Retail in 60 s of a core and 1.5 GB, to the same version every time', () => {
  const [one, other] = [trainOnOneCore(), trainOnOneCore()];
  console.log(
    `${one.seconds.toFixed(1)} s, ${one.processorSeconds.toFixed(1)} s of a core, ${(one.peakRssBytes / 1e9).toFixed(2)} GB, version ${one.version}`,
  );
  expect(other.version).toBe(one.version);
  for (const { processorSeconds, peakRssBytes } of [one, other]) {
    expect(processorSeconds).toBeLessThanOrEqual(60);
    expect(peakRssBytes).toBeLessThanOrEqual(1.5e9);
  }
}, 300_000);

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MAIN = join(__dirname, '..', '..', 'bin', 'recommender.js');

/** Runs the built `recommender` command as a user would, without the variables of this process that it reads. */
export function recommender(args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...asUser(options), MAIN, ...args], settings(options), (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** Starts it, for tests that talk to it while it runs. */
export function startRecommender(args: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [...asUser(options), MAIN, ...args], {
    ...settings(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Number of the user to run as, which only root may choose. */
  readonly uid?: number;
}

function settings({ cwd, env }: RunOptions) {
  const own = Object.entries(process.env).filter(([name]) => !name.includes('RECOMMENDER_'));
  return { cwd, env: { ...Object.fromEntries(own), ...env } };
}

/** Becomes the user once Node runs: Node itself may lie where only root may look, such as root's home. */
function asUser({ uid }: RunOptions): readonly string[] {
  return uid === undefined ? [] : ['--import', `data:text/javascript,process.setuid(${uid})`];
}

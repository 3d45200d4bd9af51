import { execFile } from 'node:child_process';
import { join } from 'node:path';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built `recommender` command as a user would, without the variables of this process that it reads. */
export function recommender(args: readonly string[], options: { cwd?: string } = {}): Promise<CommandResult> {
  const main = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.includes('RECOMMENDER_')));
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { ...options, env }, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

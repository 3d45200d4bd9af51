import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OpenStack } from '@cdktf-recommender/rehearsal';
import { ROOT } from '../../repository';
import { ENVIRONMENT, PROJECT, REGION } from './aws-prod';

const execute = promisify(execFile);
/** Of a stack that Terraform has not written a state of yet. */
const NO_STATE = JSON.stringify({ version: 4, resources: [] });

/** What `recommender inventory` calls orphans: ARNs of what has the stack's tags, and its state doesn't know. */
export async function orphans(stack: OpenStack): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'inventory-'));
  try {
    const state = join(folder, 'pulled.tfstate');
    await writeFile(state, (await stack.terraform('state', 'pull')).stdout || NO_STATE);
    const tags = ['--project', PROJECT, '--environment', ENVIRONMENT];
    const args = ['inventory', '--region', REGION, ...tags, '--state', state, '--json'];
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: stack.moto.endpoint,
      AWS_ACCESS_KEY_ID: 'rehearsal',
      AWS_SECRET_ACCESS_KEY: 'rehearsal',
    };
    const { stdout } = await execute(process.execPath, [join(ROOT, 'bin/recommender.js'), ...args], { env }).catch(
      orphansFound,
    );
    return (JSON.parse(stdout) as { orphans: string[] }).orphans;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** It exits with 1 when there are any. */
function orphansFound(error: Error & { code?: unknown; stdout?: string }): { stdout: string } {
  if (error.code === 1 && error.stdout) return { stdout: error.stdout };
  throw error;
}

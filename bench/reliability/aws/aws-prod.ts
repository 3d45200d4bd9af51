import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenStack, type OpenStackOptions } from '@cdktf-recommender/rehearsal';
import { loadConfig } from '../../../src';
import { rehearsalConfig } from '../../../src/config/rehearsal-config';
import { ROOT } from '../../repository';

export const STACK = 'aws-prod';
/** The example's. */
export const PROJECT = 'recommender';
export const ENVIRONMENT = 'prod';
export const REGION = 'us-east-1';
/** Well formed, so that the variable's validation passes; nothing pulls it. */
const IMAGE = `registry.example.com/recommender/model-server@sha256:${'0'.repeat(64)}`;

export interface AwsProd {
  readonly stack: OpenStack;
  close(): Promise<void>;
}

export interface OpenAwsProdOptions extends Pick<OpenStackOptions, 'environment' | 'onEvent' | 'onNote'> {
  /** Whether what holds data refuses a destroy. @default true */
  readonly protection?: boolean;
}

/** The example's production stack on an emulated AWS of its own, not deployed yet. */
export function openAwsProd(options: OpenAwsProdOptions = {}): Promise<AwsProd> {
  return openAwsStack(STACK, options);
}

/** The same of another stack of the example's. */
export async function openAwsStack(
  stack: string,
  { protection = true, ...options }: OpenAwsProdOptions,
): Promise<AwsProd> {
  const folder = mkdtempSync(join(tmpdir(), 'recommender-rehearsal-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const file = join(folder, 'config.json');
    const settings = { stack, protection, stateDirectory: folder };
    writeFileSync(file, JSON.stringify(rehearsalConfig(loadConfig(ROOT), settings)));
    const environment = { ...options.environment, CDKTF_RECOMMENDER_CONFIG: file, TF_VAR_image: IMAGE };
    const opened = await OpenStack.open({ ...options, project: ROOT, stack, environment });
    return {
      stack: opened,
      close: async () => {
        await opened.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

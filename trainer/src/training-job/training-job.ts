import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { prepareData } from '../data/prepare';
import { TrainerError } from '../errors';
import { train } from '../train';
import { optionsOf } from './hyperparameters';

/** Name of the channel that the purchases come by. */
export const PURCHASES_CHANNEL = 'purchases';

export interface TrainingJobOptions {
  /** Where SageMaker mounts what a job is given and leaves. */
  readonly root: string;
  /** The job's name, of which the training run is told. */
  readonly jobName: string;
  /** Takes one JSON object a line; SageMaker reads metrics in them. */
  readonly log: (line: Record<string, unknown>) => void;
}

/**
 * A training job of SageMaker by its contract with containers: hyperparameters and purchases in, a model store of exactly
 * one version out, in `model/`; the reason of a failure in `output/failure`.
 *
 * @returns the exit code
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html
 */
export async function runTrainingJob(options: TrainingJobOptions): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'training-job-'));
  try {
    await trainInto(options, scratch);
    return 0;
  } catch (error) {
    const { message, stack } = error as Error;
    const told = error instanceof TrainerError ? message : (stack ?? message);
    const folder = join(options.root, 'output');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'failure'), told);
    options.log({ failure: told });
    return 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function trainInto({ root, jobName, log }: TrainingJobOptions, scratch: string): Promise<void> {
  const hyperparameters = await readJson(join(root, 'input/config/hyperparameters.json'));
  const data = await oneFile(join(root, 'input/data', PURCHASES_CHANNEL), scratch);
  const { draft, run, seconds, peakRssBytes } = await train({ ...optionsOf(hyperparameters), data }, (event) =>
    log({ ...event }),
  );
  const registry = await openModelRegistry(join(root, 'model'), draft.manifest.model);
  const version = await registry.register(draft);
  await registry.recordRun({ ...run, id: jobName, version, by: `training job ${jobName}`, revision: null });
  const metrics = Object.entries(draft.manifest.metrics).map(([name, { value }]) => [name, value]);
  log({ version, ...Object.fromEntries(metrics), seconds, peakRssBytes });
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    // A job without any has no such file.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new TrainerError(`${path} can't be read as JSON: ${(error as Error).message}`);
  }
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TrainerError(`${path} must hold a JSON object`);
}

/** The channel's one file, or what of several is used, in the order of their names. */
async function oneFile(folder: string, scratch: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const inputs = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const [only, second] = inputs;
  if (only === undefined) {
    throw new TrainerError(`${folder} has no file; the channel ${PURCHASES_CHANNEL} must bring transactions as CSV`);
  }
  if (second === undefined) return only;
  const output = join(scratch, 'transactions.csv');
  await prepareData({ inputs, output });
  return output;
}

import { basename } from 'node:path';
import {
  describeFiles,
  type Manifest,
  type ModelFiles,
  recommenderSignature,
  type TrainingRun,
} from '@cdktf-recommender/model-registry';
import { Ease, type EaseSettings } from './algorithms/ease';
import { Popularity } from './algorithms/popularity';
import type { CleaningAccount } from './data/cleaning';
import { type Dataset, ONLINE_RETAIL, readDataset } from './data/dataset';
import type { Interactions } from './data/interactions';
import { type Purchases, purchasesBefore } from './data/purchases';
import { answerAll, type Evaluation, scoresBy, summarize } from './evaluation/evaluate';
import { splitAt } from './evaluation/split';
import { exportModel } from './export';
import { env } from './onnx/runtime';
import { type OnProgress, Steps } from './progress';
import { CUT, cutBefore, DEFAULT_SETTINGS, POPULAR_WINDOW_DAYS, PROTOCOL, startOfDay } from './protocol';
import { RoundedModel } from './rounded-model';
import { type Verification, verifyExport } from './verify';

/** Every so many customers, the exported model is asked and compared. */
const VERIFY_EVERY = 10;

export interface TrainOptions {
  /** Transactions in the format of Online Retail, CSV, plain or gzipped. */
  readonly data: string;
  /** The model's name in the registry: lower-case letters, digits and hyphens. @default "online-retail" */
  readonly model?: string;
  /** First day of the test period, YYYY-MM-DD. @default "2011-10-01" */
  readonly cut?: string;
  /** Days at the end of the data that are the test period, where no `cut` is given. @default - as `cut` says */
  readonly testDays?: number;
  /** @default DEFAULT_SETTINGS */
  readonly settings?: EaseSettings;
}

export interface TrainResult {
  /** What a model registry registers. */
  draft: { manifest: Manifest; files: ModelFiles };
  /** All of a registry's training run that the trainer knows. */
  run: Pick<TrainingRun, 'startedAt' | 'finishedAt' | 'environment' | 'timings'>;
  account: CleaningAccount;
  /** Of the temporal split. */
  evaluation: { model: Evaluation; popular: Evaluation };
  verification: Verification;
  interactions: Interactions;
  /** Seconds of all steps, and the process's largest resident memory in bytes. */
  seconds: number;
  peakRssBytes: number;
}

/**
 * Transactions in, a model version out: cleans, splits in time, fits, evaluates, fits again on everything, exports and
 * checks the export. Writes nothing. The same file and settings give the same manifest and files on one CPU
 * architecture and runtime version.
 *
 * @throws TrainerError when the data or the settings can't be used
 */
export async function train(options: TrainOptions, onProgress?: OnProgress): Promise<TrainResult> {
  const { data, model: name = 'online-retail', testDays, settings = DEFAULT_SETTINGS } = options;
  const startedAt = new Date().toISOString();
  const steps = new Steps(onProgress);
  const algorithm = new Ease(settings);

  const dataset = await steps.run('read and clean', () => readDataset(data));
  const { interactions, account } = dataset;
  const cut = options.cut ?? (testDays === undefined ? CUT : cutBefore(account.to, testDays));
  const evaluation = await evaluateSplit(algorithm, interactions, cut, steps);

  const purchases = await steps.run('prepare all purchases', () => purchasesBefore(interactions));
  const model = await steps.run('fit on all purchases', () => roundedFit(algorithm, purchases));
  const files = await steps.run('export', () => exportModel(model, purchases, interactions.names));
  const verification = await steps.run('check the export', () =>
    verifyExport(files['model.onnx'], model, purchases, VERIFY_EVERY),
  );

  const manifest: Manifest = {
    schemaVersion: 1,
    model: name,
    algorithm: { name: algorithm.name, parameters: { ...algorithm.parameters } },
    signature: recommenderSignature(model.size),
    weighting: settings.weighting,
    metrics: evaluation.model.metrics,
    evaluation: { protocol: PROTOCOL, cut, customers: evaluation.model.customers },
    dataset: describeDataset(dataset, data),
    files: describeFiles(files),
  };
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  return {
    draft: { manifest, files },
    run: { startedAt, finishedAt: new Date().toISOString(), environment: environment(), timings: steps.timings },
    account,
    evaluation,
    verification,
    interactions,
    seconds: Object.values(steps.timings).reduce((sum, one) => sum + one, 0),
    peakRssBytes,
  };
}

async function roundedFit(algorithm: Ease, purchases: Purchases): Promise<RoundedModel> {
  return new RoundedModel(await algorithm.fit(purchases));
}

async function evaluateSplit(algorithm: Ease, interactions: Interactions, cut: string, steps: Steps) {
  const split = await steps.run('split at the cut', () => splitAt(interactions, startOfDay(cut)));
  const model = await steps.run('fit before the cut', () => roundedFit(algorithm, split.train));
  return steps.run('evaluate', async () => {
    const popular = await new Popularity(POPULAR_WINDOW_DAYS).fit(split.train);
    return {
      model: summarize(answerAll(scoresBy(model, split), split), split),
      popular: summarize(answerAll(scoresBy(popular, split), split), split),
    };
  });
}

function describeDataset({ account, sha256 }: Dataset, path: string): Manifest['dataset'] {
  const known = sha256 === ONLINE_RETAIL.sha256;
  return {
    name: known ? ONLINE_RETAIL.name : basename(path),
    source: known ? ONLINE_RETAIL.source : 'a file in the format of Online Retail',
    sha256,
    from: account.from,
    to: account.to,
    interactions: account.kept,
    customers: account.customers,
    items: account.items,
  };
}

function environment(): Record<string, string> {
  return {
    node: process.versions.node,
    onnxruntime: env.versions.node ?? env.versions.common,
    platform: `${process.platform}-${process.arch}`,
  };
}

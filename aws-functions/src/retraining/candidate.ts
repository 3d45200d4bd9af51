import type { Manifest, ModelFiles, TrainingRun } from '@cdktf-recommender/model-registry';
import { MODEL_FILES } from '@cdktf-recommender/model-registry';
import type { DataBucket } from '../data-bucket';

/** The metric that decides, as the manifest names it. */
export const METRIC = 'ndcg@20';

/** All of a training run that the trainer knows. */
export type RunRecord = Pick<TrainingRun, 'startedAt' | 'finishedAt' | 'environment' | 'timings'>;

/** A trained model on its way to the registry. */
export interface Candidate {
  readonly manifest: Manifest;
  readonly files: ModelFiles;
  readonly run: RunRecord;
}

/** @param prefix without a slash at its end */
export async function putCandidate(bucket: DataBucket, prefix: string, candidate: Candidate): Promise<void> {
  for (const name of MODEL_FILES) await bucket.put(`${prefix}/${name}`, candidate.files[name]);
  await bucket.putJson(`${prefix}/run.json`, candidate.run);
  await bucket.putJson(`${prefix}/manifest.json`, candidate.manifest);
}

/** Unchecked: the registry checks a candidate before it takes it. */
export async function getCandidate(bucket: DataBucket, prefix: string): Promise<Candidate> {
  const files: Partial<Record<keyof ModelFiles, Buffer>> = {};
  for (const name of MODEL_FILES) files[name] = await bucket.get(`${prefix}/${name}`);
  return {
    manifest: await bucket.json<Manifest>(`${prefix}/manifest.json`),
    files: files as ModelFiles,
    run: await bucket.json<RunRecord>(`${prefix}/run.json`),
  };
}

#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { TrainerError } from './errors';
import { runTrainingJob } from './training-job/training-job';

const USAGE = `Trains a model as a training job of SageMaker: reads input/ of a folder, writes a model store of one version to its
model/, and the reason of a failure to its output/failure.

  node training-job-main.js train [--root /opt/ml]

Exit codes: 0 trained, 1 not trained, 2 wrong arguments.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { root: { type: 'string', default: '/opt/ml' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (positionals.join(' ') !== 'train') {
    throw new TrainerError(`arguments: got "${positionals.join(' ')}"; allowed is train. See --help.`);
  }
  return runTrainingJob({
    root: values.root,
    jobName: process.env.TRAINING_JOB_NAME ?? 'local',
    log: (line) => console.log(JSON.stringify(line)),
  });
}

// The first process of a container ignores signals it has no handler for: SageMaker stops a job by SIGTERM.
process.once('SIGTERM', () => process.exit(143));

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  },
);

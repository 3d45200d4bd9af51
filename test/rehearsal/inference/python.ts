import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** As built, because whether there is a Python has to be known before tests are collected. */
const REHEARSAL = join(__dirname, '../../../rehearsal/dist/index.js');
const INSTALL = `require(process.argv[1]).pythonEnvironment({
  name: 'inference',
  title: 'The model trained elsewhere',
  requirements: process.argv[2],
}).then(console.log, (error) => {
  process.stderr.write(error.message);
  process.exit(1);
})`;
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  ['-e', INSTALL, REHEARSAL, join(__dirname, 'requirements.txt')],
  { encoding: 'utf8' },
);
if (status !== 0) console.warn(`Tests with scikit-learn, MLServer and Python's clients are skipped: ${stderr.trim()}`);

/** The Python that has what requirements.txt lists. */
export const PYTHON = stdout.trim();

/** Skipped, and counted so, on a machine where Python or its packages can't be had. */
export const describeWithPython = status === 0 ? describe : describe.skip;

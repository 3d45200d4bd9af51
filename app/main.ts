import { App } from 'cdktf';
import { ConfigError, loadConfig } from '../src';
import { GO_ON, synthApp } from '../stacks/synth-app';

try {
  // cdktf's CLI reads errors from its manifest, and prints them itself.
  const isPrinted = process.env[GO_ON] !== undefined;
  process.env[GO_ON] = 'true';
  const told = synthApp(new App(), loadConfig(process.env.CDKTF_RECOMMENDER_CONFIG ?? process.cwd()));
  const errors = told.filter(({ level }) => level === 'error');
  if (errors.length > 0 && !isPrinted) {
    process.stderr.write(errors.map(({ path, message }) => `${path}: ${message}\n`).join(''));
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

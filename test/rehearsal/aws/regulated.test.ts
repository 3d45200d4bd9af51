import { join } from 'node:path';
import { rehearseStack } from '../../../cli/rehearsal';
import { loadConfig } from '../../../src';
import { AwsStack } from '../../../stacks/aws-stack';
import { synthesize } from '../../helpers/synth';

const project = join(__dirname, '../../..');
const config = loadConfig(join(project, 'examples/regulated.config.ts'));
/** With the emulator's cause. */
const LEFT_OUT = { aws_accessanalyzer_analyzer: 'moto has no Access Analyzer at all' };

it('aws-prod with every part and option on is deployed, planned empty, protected and destroyed; nothing is left', async () => {
  const whole = synthesize((app) => new AwsStack(app, { config, environment: 'prod' })).resourceTypes();
  const prod = config.environments.prod?.aws;
  if (!prod) throw new Error('the example has no prod on AWS');
  prod.parts.accessAnalyzer = false;
  const { steps, created } = await rehearseStack({ project, config, stack: 'aws-prod' });
  expect(steps.filter(({ ok }) => !ok)).toEqual([]);
  expect(steps.map(({ step }) => step)).toEqual([
    'deploy',
    'second plan',
    'refused destroy',
    'deploy without protection',
    'destroy',
    'inventory',
  ]);
  expect(whole.filter((type) => !(type in created))).toEqual(Object.keys(LEFT_OUT));
}, 1_200_000);

import { join } from 'node:path';
import { rehearseStack } from '../../../cli/rehearsal';
import { loadConfig } from '../../../src';

const project = join(__dirname, '../../..');
const config = loadConfig(join(project, 'examples/regulated.config.ts'));
const { prod } = config.environments;
if (!prod?.aws) throw new Error('the example has no prod on AWS');
// The emulated AWS has no Access Analyzer at all.
prod.aws.parts.accessAnalyzer = false;

it('aws-prod with every part and option on is deployed, planned empty, protected and destroyed; nothing is left', async () => {
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
  expect(created).toMatchObject({
    aws_cloudfront_distribution: 1,
    aws_guardduty_detector: 1,
    aws_sfn_state_machine: 1,
  });
}, 1_200_000);

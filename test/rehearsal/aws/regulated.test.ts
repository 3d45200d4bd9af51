import { join } from 'node:path';
import { ROOT, rehearsedProduction } from './rehearsed-production';

describe('the regulated production, which has every part', () => {
  rehearsedProduction('regulated', {
    file: join(ROOT, 'examples/regulated.config.ts'),
    leftOut: { aws_accessanalyzer_analyzer: 'moto has no Access Analyzer at all' },
  });
});

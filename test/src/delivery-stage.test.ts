import { modelStage, TEST_STAGE } from '../../src';

test('a change is linted, compiled and tested', () => {
  const [step] = TEST_STAGE.steps;
  expect(step?.commands).toEqual(['npm ci --no-audit --no-fund', 'npx tsc -b', 'npm run -s lint', 'npx jest']);
});

const stage = modelStage({
  data: "data/o'clock.csv",
  cut: '2011-10-01',
  requirements: { 'ndcg@10': 0.05, coverage: 0.2 },
  channel: 'staging',
});
const last = (name: string) => stage.steps.find((step) => step.name === name)?.commands.at(-1);

test('a model is evaluated, then trained and promoted only when it is as good as required', () => {
  expect(stage.steps.map(({ name }) => name)).toEqual(['evaluate', 'train']);
  expect(last('train')).toBe(
    `node bin/recommender.js train --data 'data/o'\\''clock.csv' --cut '2011-10-01' --promote --channel 'staging' --require 'ndcg@10=0.05' --require 'coverage=0.2' --json`,
  );
});

test('only what trains has the model store', () => {
  expect(stage.steps.map(({ usesModels = false }) => usesModels)).toEqual([false, true]);
});

const Sequencer = require('@jest/test-sequencer').default;

/** What waits for minutes for a provider or a controller, the longest first. */
const LONGEST = [
  'aws/migration-phases',
  'aws/regulated',
  'aws/migration',
  'aws/edge',
  'aws/data',
  'kubernetes/model-follower',
  'aws/deployed',
  'aws/bindings',
  'aws/delivery',
  'aws/fargate',
  'aws/auto-scaling',
  'aws/auto-scaling-deployment',
  'aws/interrupted-apply',
].map((name) => `/test/rehearsal/${name}.test.ts`);

/**
 * Starts first what takes longest, so that the others go on beside it. Jest would know it from the run before, which a
 * fresh machine doesn't have: it takes the largest files for the longest.
 */
module.exports = class extends Sequencer {
  sort(tests) {
    const place = ({ path }) => LONGEST.findIndex((name) => path.endsWith(name));
    const sorted = super.sort(tests);
    const long = sorted.filter((test) => place(test) >= 0).sort((a, b) => place(a) - place(b));
    return [...long, ...sorted.filter((test) => place(test) < 0)];
  }
};

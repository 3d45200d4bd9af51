const base = require('./jest.config');

/** Tests that need more than Node (Python, Terraform, the network): `npx jest --config jest.rehearsal.config.js`. */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/rehearsal/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/rehearsal/longest-first.js',
};

const typescript = (module = {}) => ({
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs', ...module },
});

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/environment.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // What needs more than Node is in jest.rehearsal.config.js.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/rehearsal/'],
  transform: {
    // A provider's resource is loaded when it is first used: most tests use few of those that an index imports.
    '/(constructs|stacks)/.+\\.ts$': ['@swc/jest', typescript({ lazy: true })],
    '^.+\\.ts$': ['@swc/jest', typescript()],
    // It ships ES modules only, which Node requires and jest does not.
    '/node_modules/jose/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  // No test is about time: a limit ends what hangs, on a busy machine too.
  testTimeout: 30_000,
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  // Tests run the packages' sources, so a stale build can't hide a change.
  moduleNameMapper: {
    '^@cdktf-recommender/([a-z-]+)$': '<rootDir>/$1/src/index.ts',
    '^\\.(/tokens)?(/private)?/stack-trace$': '<rootDir>/test/no-stack-trace.js',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.recommender/', '<rootDir>/cdktf.out/'],
};

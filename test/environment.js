const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest runs tests in a realm of its own, whose typed arrays are not those that onnxruntime's native code makes.
 * Sharing the constructors lets a test run a model like any other program does.
 */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const shared of [
      Float32Array,
      Float64Array,
      Int8Array,
      Int16Array,
      Int32Array,
      BigInt64Array,
      BigUint64Array,
    ]) {
      this.global[shared.name] = shared;
    }
  }
};

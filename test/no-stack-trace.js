/**
 * In the place of cdktf's: it writes down for each token where it was made, without a limit to the depth, and jest looks
 * up each frame in a source map. No test is about that, and it was half of what they took.
 */
exports.captureStackTrace = () => [];

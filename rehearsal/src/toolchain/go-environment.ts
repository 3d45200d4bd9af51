/** For the linker: without what only a debugger reads. */
export const LINKER_FLAGS = ['-s', '-w'];

/**
 * Environment of a build by Go, in which the user's own flags don't count. What a debugger needs isn't made, which is a
 * tenth of the work; as all builds have the same flags, what they have in common is compiled once.
 */
export function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GOFLAGS: `"-ldflags=${LINKER_FLAGS.join(' ')}" -gcflags=all=-dwarf=false` };
}

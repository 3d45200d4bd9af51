import type { Profile } from '../profile';

/** The stand-in never waits: a `time_sleep` is done at once. */
export const time: Profile = {
  forcesReplacement: [{ type: /./, paths: [['triggers']] }],
};

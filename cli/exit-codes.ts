/** What the `recommender` command exits with. */
export const EXIT = {
  ok: 0,
  /** It ran and failed; the message says why. */
  failed: 1,
  /** The command line, the config or a file that was given is wrong; nothing was done. */
  usage: 2,
  /** Something this machine lacks; `recommender doctor` says how to get it. */
  missing: 3,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const;

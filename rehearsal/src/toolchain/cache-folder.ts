import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where built things are kept between runs, outside the tree: `$XDG_CACHE_HOME/cdktf-recommender`, or
 * `~/.cache/cdktf-recommender`.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdktf-recommender');
}

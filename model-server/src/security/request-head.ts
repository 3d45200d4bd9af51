import type { IncomingMessage } from 'node:http';
import { Problem } from '../problem';

/** Characters of path and query; the longest that means anything, 500 item ids to exclude, fits for ids as shops have. */
export const MAX_URL_LENGTH = 8192;
/** Browsers with several proxies behind them send about 40. */
export const MAX_HEADERS = 100;

/** What is wrong with the size of a request's head, within the bytes that Node's parser accepts. */
export function headProblem({
  url = '',
  rawHeaders,
}: Pick<IncomingMessage, 'url' | 'rawHeaders'>): Problem | undefined {
  if (url.length > MAX_URL_LENGTH) {
    return new Problem('uri-too-long', `path and query have at most ${MAX_URL_LENGTH} characters together`);
  }
  if (rawHeaders.length > MAX_HEADERS * 2) {
    return new Problem('headers-too-large', `a request has at most ${MAX_HEADERS} headers`);
  }
  return undefined;
}

/** Names under which a credential or a customer may come into a log entry, at the top or one level down. */
const PRIVATE = ['authorization', 'x-api-key', 'cookie', 'token', 'apiKey', 'user', 'userId', 'users'];

/**
 * For pino. What the server logs has none of these; this is for the entry that somebody adds one day, and for errors
 * of libraries, which carry the request that failed.
 */
export const LOG_REDACTION = {
  paths: PRIVATE.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]),
  censor: '[redacted]',
};

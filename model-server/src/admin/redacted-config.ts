import type { ServerConfig } from '../config';

const REDACTED = '[redacted]';
/** Names of settings whose values are secrets, whatever is added one day. */
const SECRET = /password|secret|credential|token$|key$/i;

const QUERY = /^([a-z][a-z\d+.-]*:\/\/[^?]*)\?.*$/i;

/** The configuration as it may be shown: secrets, and credentials within addresses, are left out. */
export function redactedConfig(config: ServerConfig): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, shown(name, value)]));
}

function shown(name: string, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (SECRET.test(name)) return REDACTED;
  if (Array.isArray(value)) return value.map((one) => shown(name, one));
  return typeof value === 'string' ? withoutCredentials(value) : value;
}

/** `redis://user:password@host?key=…` without user, password and query; any other text as it is. */
function withoutCredentials(text: string): string {
  // Up to the last @, because people forget to encode one in a password.
  return text.replace(/^([a-z][a-z\d+.-]*:\/\/).*@/i, `$1${REDACTED}@`).replace(QUERY, `$1?${REDACTED}`);
}

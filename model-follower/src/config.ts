import { z } from 'zod';

/** Environment variables of the follower start with this; any other one with it is refused, as it is likely a typo. */
export const ENVIRONMENT_PREFIX = 'FOLLOWER_';

const Text = z.string().min(1, 'must not be empty');
const Name = (what: string) =>
  z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, `must be a ${what}: 1 to 63 lowercase letters, digits and hyphens`);
const Whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting of the follower. Flat, so that each has one environment variable. */
export const FollowerConfig = z.strictObject({
  store: Text.describe('model store: a directory, s3://bucket/prefix or az://account/container/prefix'),
  model: Name('model name').default('online-retail').describe("the model's name in the store"),
  channel: Name('channel name').default('production').describe('channel to follow'),
  cluster: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be a cluster name: 1 to 100 letters, digits, hyphens, underscores')
    .describe('name that the verdicts are told under, one for each cluster'),
  namespace: Name('namespace').default('recommender').describe('where the model server is'),
  deployment: Name('Deployment').default('model-server').describe('its Deployment, and Canary where Flagger is'),
  configMap: Name('ConfigMap').default('model-server-version').describe('what pins its version'),
  rolledOutBy: z
    .enum(['deployment', 'flagger'], { error: 'must be deployment or flagger' })
    .default('deployment')
    .describe('who lets a version at requests: the Deployment by a rolling update, or Flagger'),
  pollSeconds: Whole(1, 3600).default(10).describe('seconds between two looks at the channel'),
  host: Text.default('127.0.0.1').describe('address to listen on for /livez and /readyz; 0.0.0.0 in a container'),
  port: Whole(0, 65_535).default(8080).describe('its port; 0 takes a free one'),
  logLevel: z
    .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` })
    .default('info')
    .describe('least level that is logged'),
});
export type FollowerConfig = z.infer<typeof FollowerConfig>;

/** `pollSeconds` → `FOLLOWER_POLL_SECONDS`. */
export function environmentVariable(setting: string): string {
  return ENVIRONMENT_PREFIX + setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Everything wrong with a configuration, one problem per line of the message. */
export class FollowerConfigError extends Error {
  override readonly name = 'FollowerConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`the model follower's configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** @throws FollowerConfigError with every problem at once, each naming its variable */
export function loadFollowerConfig(environment: Readonly<Record<string, string | undefined>>): FollowerConfig {
  const settings = new Map(Object.keys(FollowerConfig.shape).map((key) => [environmentVariable(key), key]));
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(ENVIRONMENT_PREFIX) || text === undefined) continue;
    const setting = settings.get(variable);
    if (setting) values[setting] = text;
    else problems.push(`${variable}: unknown variable; there are ${[...settings.keys()].join(', ')}`);
  }
  const result = FollowerConfig.safeParse(values);
  if (result.success && problems.length === 0) return result.data;
  for (const { path, message } of result.error?.issues ?? []) {
    const setting = String(path[0]);
    const got = values[setting];
    problems.push(`${environmentVariable(setting)}: ${got === undefined ? 'missing' : `got "${got}"; ${message}`}`);
  }
  throw new FollowerConfigError(problems);
}

/** What `--help` prints of the settings. */
export function settingsHelp(): string {
  return Object.entries(FollowerConfig.shape)
    .map(([setting, schema]) => {
      const fallback = schema.safeParse(undefined).data;
      const byDefault = fallback === undefined ? 'required' : `default ${fallback}`;
      return `  ${environmentVariable(setting).padEnd(22)} ${schema.description} (${byDefault})`;
    })
    .join('\n');
}

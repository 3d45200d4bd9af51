import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isRedisUrl, parseRedisUrl, withoutLogin } from './redis/redis-url';
import { JWT_ALGORITHMS } from './security/jwt-algorithms';

/** Environment variables of the server start with this; any other one with it is refused, as it is likely a typo. */
export const ENVIRONMENT_PREFIX = 'RECOMMENDER_';
/** Names the configuration file; not a setting itself. */
export const CONFIG_FILE_VARIABLE = `${ENVIRONMENT_PREFIX}CONFIG`;

/** Settings that can have a password in them, so that their text can be in a file as well. */
export const SECRET_SETTINGS = ['users', 'resultCache', 'rateLimitRedis'] as const satisfies readonly ServerSetting[];

/** Where SageMaker names the port that it will ask; it wins over `port`, since nobody else can reach the container. */
const SAGEMAKER_PORT_VARIABLE = 'SAGEMAKER_BIND_TO_PORT';

const Name = (what: string) =>
  z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, `must be a ${what}: 1 to 63 lowercase letters, digits and hyphens`);
const Text = z.string().min(1, 'must not be empty');
const Whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const Ratio = () => {
  const error = 'must be a number from 0 to 1';
  return z.number({ error }).min(0, { error }).max(1, { error });
};

/** A Redis URL in one of the forms that are read, or another text that `allowed` accepts. */
const OrRedis = (allowed: (text: string) => boolean, must: string) =>
  Text.superRefine((value, context) => {
    if (!isRedisUrl(value) && !allowed(value)) context.addIssue(must);
    if (!isRedisUrl(value)) return;
    try {
      parseRedisUrl(value);
    } catch (error) {
      context.addIssue((error as Error).message);
    }
  });

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting of the model server. Flat, so that each has one environment variable. */
export const ServerConfig = z.strictObject({
  host: Text.default('127.0.0.1').describe('Address to listen on; `0.0.0.0` in a container.'),
  port: Whole(0, 65_535).default(8080).describe('Port to listen on; 0 takes a free one.'),
  workers: Whole(1, 64)
    .default(1)
    .describe('Processes that share the port, each with its own model; one for each core that the server may use.'),
  store: Text.default('.recommender/store').describe(
    'Model store: a directory, `s3://bucket/prefix` or `az://account/container/prefix`.',
  ),
  model: Name('model name').default('online-retail').describe('Name of the model in the store.'),
  channel: Name('channel name').default('production').describe('Channel to follow.'),
  version: z
    .string()
    .regex(/^(seed|[0-9a-f]{64})$/, 'must be 64 lowercase hex digits (a SHA-256), or seed')
    .optional()
    .describe('Serves this version, whatever the channel says; `seed`: that of `seed`, whatever the store holds.'),
  seed: Text.optional().describe('Store with exactly one version of the model, served while the store has none.'),
  pollSeconds: Whole(1, 3600)
    .default(10)
    .describe('Seconds between two looks at the channel, on average: each pause is up to a tenth longer or shorter.'),
  modelCache: Text.default('.recommender/cache').describe(
    'Directory for model versions of a store that is not on this machine; processes may share it.',
  ),
  modelCacheMegabytes: Whole(1, 1_000_000)
    .default(512)
    .describe('MiB of all model versions in `modelCache` together; those used longest ago make room.'),
  warmUpTargetMs: Whole(1, 60_000)
    .default(50)
    .describe('Milliseconds that the 99th percentile of model runs may have before a version is let at requests.'),
  warmUpSeconds: Whole(1, 600)
    .default(10)
    .describe(
      'Seconds to meet `warmUpTargetMs`; a version that does not is refused, unless there is no other to serve.',
    ),
  hungRunSeconds: Whole(1, 3600)
    .default(10)
    .describe('Seconds of one model run after which `/livez` fails, so that the process is restarted.'),
  users: OrRedis(() => true, '')
    .default('.recommender/users')
    .describe(
      "Where the customers' histories are: a directory, `redis://[user:password@]host[:port][/database]`, `rediss://` " +
        'for TLS, or `redis+cluster://` and `rediss+cluster://` with one or more `host:port`.',
    ),
  usersCached: Whole(0, 10_000_000).default(10_000).describe('Histories kept in memory at most.'),
  usersCachedMegabytes: Whole(1, 100_000).default(64).describe('MiB of histories kept in memory at most.'),
  historyDays: Whole(1, 3650)
    .default(400)
    .describe('Days: older events are refused, and Redis forgets a customer of whom none came for so long.'),
  resultCache: OrRedis((text) => ['off', 'memory'].includes(text), 'must be off, memory or the URL of a Redis')
    .default('memory')
    .describe('Where answers are kept for a while: `off`, `memory`, or a Redis, written as for `users`.'),
  resultCacheEntries: Whole(1, 10_000_000).default(10_000).describe('Answers kept in memory at most.'),
  resultCacheMegabytes: Whole(1, 100_000).default(32).describe('MiB of answers kept in memory at most.'),
  resultCacheSeconds: Whole(1, 86_400).default(60).describe('Seconds that an answer is kept at most.'),
  redisCa: Text.optional().describe(
    'PEM files, separated by commas, of the authorities that sign the certificates of `rediss://`, in place of the public ones.',
  ),
  redisTimeoutMs: Whole(1, 10_000)
    .default(20)
    .describe(
      'Milliseconds that Redis has for a history or a rate limit. After five failures in a row, or one of a rate ' +
        'limit, it is not asked until it answers.',
    ),
  deadlineMs: Whole(1, 60_000)
    .default(80)
    .describe('Milliseconds for the history and the model together; after that a lower rung answers.'),
  batchSize: Whole(1, 128).default(64).describe('Requests that share a model run at most.'),
  models: Text.optional().describe(
    'Directory of further models for `/v2`: `<name>/model.onnx`, `<name>/<version>/model.onnx`, or ' +
      '`<name>/backend.json` for a model that another server runs.',
  ),
  inferenceTimeoutMs: Whole(1, 600_000)
    .default(5000)
    .describe('Milliseconds for one inference at `/v2` or over gRPC, and for connecting to another server.'),
  inferenceBytes: Whole(1024, 268_435_456)
    .default(4_194_304)
    .describe(
      'Bytes at most of an inference request at `/v2`, of any gRPC message, and of what another server answers.',
    ),
  grpcPort: Whole(0, 65_535).optional().describe('Port to listen on for gRPC, at `host`; 0 takes a free one.'),
  staticItems: z
    .array(Text)
    .max(1000)
    .default([])
    .describe('Item ids of the last rung, best first; served when there is no model.'),
  drainSeconds: Whole(0, 300)
    .default(5)
    .describe('Seconds between readiness going down on SIGTERM and the end of listening: load balancers need them.'),
  shutdownSeconds: Whole(1, 600)
    .default(25)
    .describe('Seconds after which a shutdown cuts off requests that are still being answered.'),
  console: z
    .boolean({ error: 'must be true or false' })
    .default(false)
    .describe(
      'Serves the page at `/` and the routes that show customers and their purchases, to whoever can reach the port.',
    ),
  authentication: z
    .enum(['required', 'none'], { error: 'must be required or none' })
    .optional()
    .describe(
      'Whether callers need a token or an API key: [security.md](security.md). Left out, they do when `jwksUri` or ' +
        '`apiKeysFile` is set; a server without these two that listens beyond loopback starts only with `none`.',
    ),
  apiKeysFile: Text.optional().describe(
    'File of API keys, lines that `recommender keys create` writes; read again when it changes.',
  ),
  jwksUri: Text.optional().describe(
    "Keys of the tokens' issuer: an `https://` address (`http://` on loopback only), or a file.",
  ),
  jwtIssuer: Text.optional().describe('What a token must have as `iss`; needed with `jwksUri`.'),
  jwtAudiences: z
    .array(Text)
    .max(20)
    .default([])
    .describe('A token must have one of these as `aud`; needed with `jwksUri`.'),
  jwtAlgorithms: z
    .array(z.enum(JWT_ALGORITHMS, { error: `must be a list of ${JWT_ALGORITHMS.join(', ')}` }))
    .min(1, 'must not be empty')
    .max(JWT_ALGORITHMS.length)
    .default([...JWT_ALGORITHMS])
    .describe('Signatures that are accepted.'),
  jwtClockSkewSeconds: Whole(0, 300).default(30).describe("Seconds by which the issuer's clock may differ."),
  jwtUserClaim: Text.optional().describe(
    'Claim that binds a token to one customer, such as `sub`: tokens without it are refused, API keys are not bound.',
  ),
  tokenCacheSize: Whole(0, 1_000_000)
    .default(10_000)
    .describe('Verified tokens remembered at most, for 60 seconds and never past their end; 0 verifies each time.'),
  rateLimitPerCaller: Whole(0, 1_000_000_000)
    .default(0)
    .describe("Requests of an API key, or of a token's subject, in `rateLimitSeconds`; 0 is no limit."),
  rateLimitPerAddress: Whole(0, 1_000_000_000)
    .default(0)
    .describe('Requests of an address (of a /64 network of IPv6) in `rateLimitSeconds`; 0 is no limit.'),
  rateLimitSeconds: Whole(1, 86_400).default(60).describe('Seconds for which requests are counted.'),
  rateLimitRedis: OrRedis(() => false, 'must be a Redis URL')
    .optional()
    .describe('Redis where requests are counted for all servers together; left out, each process counts its own.'),
  trustProxy: z
    .array(Text)
    .max(100)
    .default([])
    .describe(
      'Proxies whose `X-Forwarded-For` is believed: addresses, networks such as `10.0.0.0/8`, `loopback`, `linklocal`, ' +
        '`uniquelocal`, or only a number, how many proxies there are.',
    ),
  corsOrigins: z
    .array(z.string().regex(/^(\*|https?:\/\/[^/?#@\s]+)$/, 'must be origins such as https://shop.example, or *'))
    .max(100)
    .default([])
    .describe('Origins whose pages may call the API, such as `https://shop.example`; `*` is any.'),
  logLevel: z
    .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` })
    .default('info')
    .describe('Least level that is logged; requests are logged at `info`, failed ones at `error`.'),
  accessLogSample: Ratio()
    .default(1)
    .describe('Share of the requests answered by 2xx in less than `traceSlowMs` that are logged; all others are.'),
  otlpEndpoint: z
    .string()
    .regex(/^https?:\/\/[^\s?#]+$/, 'must be an address such as http://localhost:4318')
    .optional()
    .describe('Collector that takes traces by OTLP over HTTP, without `/v1/traces`; left out, nothing is traced.'),
  traceSampleRatio: Ratio()
    .default(0.01)
    .describe('Share of the requests whose traces are kept; what a caller decided in `traceparent` comes first.'),
  traceSlowMs: Whole(0, 600_000)
    .default(100)
    .describe('Milliseconds above which a request counts as slow: its trace is kept, as that of a failed one is.'),
  adminPort: Whole(0, 65_535)
    .optional()
    .describe(
      'Port of a second listener, for `/metrics` (which `port` then no longer has) and `/debug`: ' +
        '[observability.md](observability.md); 0 takes a free one.',
    ),
  adminHost: Text.default('127.0.0.1').describe(
    'Address of that listener. `/debug` answers callers on this machine only, whatever the address.',
  ),
});
export type ServerConfig = z.infer<typeof ServerConfig>;
export type ServerSetting = keyof ServerConfig;

/** `pollSeconds` → `RECOMMENDER_POLL_SECONDS`. */
export function environmentVariable(setting: string): string {
  return ENVIRONMENT_PREFIX + setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Variable that names a file with the setting's text: `users` → `RECOMMENDER_USERS_FILE`. */
export function fileVariable(setting: (typeof SECRET_SETTINGS)[number]): string {
  return `${environmentVariable(setting)}_FILE`;
}

/** Everything wrong with a configuration, one problem per line of the message. */
export class ServerConfigError extends Error {
  override readonly name = 'ServerConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`the model server's configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * The configuration from a JSON file, if `RECOMMENDER_CONFIG` names one, and from the environment, which wins: in it a
 * file of one setting over the variable, since an image may set that. The port that SageMaker asks for wins over all.
 *
 * @throws ServerConfigError with every problem at once, each naming where the value came from
 */
export function loadServerConfig(environment: Readonly<Record<string, string | undefined>>): ServerConfig {
  const problems: string[] = [];
  const file = environment[CONFIG_FILE_VARIABLE];
  const fromFile = file ? readConfigFile(file, problems) : {};
  const origins = new Map(Object.keys(fromFile).map((key) => [key, `${file}: ${key}`]));
  const values: Record<string, unknown> = { ...fromFile };

  const settings = new Map(Object.keys(ServerConfig.shape).map((key) => [environmentVariable(key), key]));
  const files = new Map(SECRET_SETTINGS.map((key) => [fileVariable(key), key]));
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(ENVIRONMENT_PREFIX) || variable === CONFIG_FILE_VARIABLE || text === undefined) continue;
    if (files.has(variable)) continue;
    const setting = settings.get(variable);
    if (!setting) {
      problems.push(`${variable}: unknown variable; there are ${[...settings.keys(), ...files.keys()].join(', ')}`);
      continue;
    }
    values[setting] = fromText(setting as ServerSetting, text);
    origins.set(setting, variable);
  }
  for (const [variable, setting] of files) {
    const path = environment[variable];
    const text = path === undefined ? undefined : readSecretFile(variable, path, problems);
    if (text === undefined) continue;
    values[setting] = text;
    origins.set(setting, `${variable}: ${path}`);
  }

  const sageMakerPort = environment[SAGEMAKER_PORT_VARIABLE];
  if (sageMakerPort !== undefined) {
    values.port = fromText('port', sageMakerPort);
    origins.set('port', SAGEMAKER_PORT_VARIABLE);
  }

  const result = ServerConfig.safeParse(values);
  const { version, seed } = result.data ?? {};
  if (version === 'seed' && seed === undefined) {
    problems.push(`${origins.get('version')}: got "seed"; it needs seed (${environmentVariable('seed')}), a store`);
  }
  if (result.success && problems.length === 0) return result.data;
  for (const issue of result.error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys') {
      const allowed = Object.keys(ServerConfig.shape).join(', ');
      problems.push(...issue.keys.map((key) => `${file}: unknown setting "${key}"; there are ${allowed}`));
      continue;
    }
    const setting = String(issue.path[0]);
    problems.push(`${origins.get(setting)}: got ${shown(values[setting])}; ${issue.message}`);
  }
  throw new ServerConfigError(problems);
}

/** A value for an error's message; a URL in it without user and password. */
function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(withoutLogin(value)) : JSON.stringify(value);
}

function readConfigFile(path: string, problems: string[]): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
    problems.push(`${CONFIG_FILE_VARIABLE}: ${path} must hold a JSON object`);
  } catch (error) {
    problems.push(`${CONFIG_FILE_VARIABLE}: can't read ${path} as JSON: ${(error as Error).message}`);
  }
  return {};
}

/** What is in the file, without the line's end that editors and `kubectl create secret` leave. */
function readSecretFile(variable: string, path: string, problems: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(`${variable}: can't read ${path}: ${(error as Error).message}`);
    return undefined;
  }
}

/** A variable's text as the schema's type: lists are separated by commas; what is no number stays text and is refused. */
function fromText(setting: ServerSetting, text: string): unknown {
  const fallback = ServerConfig.shape[setting].safeParse(undefined).data;
  if (Array.isArray(fallback)) return text === '' ? [] : text.split(',').map((part) => part.trim());
  if (typeof fallback === 'boolean' && ['true', 'false'].includes(text)) return text === 'true';
  const schema: z.ZodType = ServerConfig.shape[setting];
  const optional = schema instanceof z.ZodOptional ? schema.unwrap() : undefined;
  const isNumber = typeof fallback === 'number' || optional instanceof z.ZodNumber;
  if (isNumber && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  return text;
}

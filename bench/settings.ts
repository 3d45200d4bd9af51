import { environmentVariable, type ServerSetting } from '@cdktf-recommender/model-server';

/** Settings of our server, by their names in its schema. */
export type Settings = Readonly<Partial<Record<ServerSetting, string | number>>>;

/** What all scenarios share: every answer is worked out, and only faults are logged. */
export const COMMON_SETTINGS: Settings = { logLevel: 'warn', resultCache: 'off' };

export function environmentOf(settings: Settings): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [environmentVariable(name), `${value}`]));
}

import { environmentVariable, ServerConfig } from '@cdktf-recommender/model-server';

/** Settings of the server by their names in its schema. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** The names that the server's schema doesn't have: what they set isn't there yet. */
export function unknownSettings(...all: readonly Settings[]): string[] {
  return [...new Set(all.flatMap(Object.keys))].filter((name) => !(name in ServerConfig.shape));
}

export function environmentOf(settings: Settings): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [environmentVariable(name), `${value}`]));
}

/** As many of the settings as the schema has. */
export function knownSettings(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name in ServerConfig.shape));
}

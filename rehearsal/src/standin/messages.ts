import type { Faults } from './faults';

/** What the process that serves the stand-ins is started with, as JSON in its first argument. */
export interface HostConfig {
  readonly providers: readonly { readonly name: string; readonly folder: string }[];
  /** cdktf's output, see ServedTypes. */
  readonly outputFolder: string;
}

/** What it is asked, and answers with the same `id`. */
export type HostRequest = { readonly id: number } & (
  | { readonly ask: 'inventory' }
  | { readonly ask: 'faults'; readonly faults: Faults }
);

export interface StandInResource {
  readonly provider: string;
  readonly type: string;
  readonly id: string;
}

export type HostMessage =
  | { readonly ready: string }
  | { readonly failed: string; readonly hint?: string }
  | { readonly id: number; readonly inventory?: readonly StandInResource[] };

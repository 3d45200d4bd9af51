import type { z } from 'zod';
import type { ProblemKind } from '../problem-catalogue';

export const TAGS = {
  recommendations: 'What to show a customer.',
  customers: 'What customers did, and what is known of them.',
  inference: 'Any model by its name, by the Open Inference Protocol.',
  operations: 'What those who run the server ask.',
} as const;

/** A body, by its media type. */
export interface MediaType {
  /** Left out for what is no JSON. */
  readonly schema?: z.ZodType;
  readonly examples?: readonly unknown[];
}

export interface SuccessResponse {
  readonly description: string;
  /** Empty for an answer without a body. */
  readonly content: Readonly<Record<string, MediaType>>;
  /** Names of {@link RESPONSE_HEADERS} that it has; `?` behind one that it sometimes has. */
  readonly headers?: readonly string[];
}

/** A route for a method, as the OpenAPI document tells it. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As the router has it: `/v1/users/:user`. */
  readonly path: string;
  /** Name of the function that a generated client has for it. */
  readonly operationId: string;
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: {
    readonly path?: Readonly<Record<string, z.ZodType>>;
    readonly query?: z.ZodObject;
    readonly header?: Readonly<Record<string, z.ZodType>>;
  };
  readonly body?: Readonly<Record<string, MediaType>>;
  /** What it answers, by status, when nothing is wrong; and what is no problem, as a server that is not ready. */
  readonly responses: Readonly<Record<number, SuccessResponse>>;
  /** Besides those that every route has: see {@link commonProblems}. */
  readonly problems: readonly ProblemKind[];
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

export const CODE = readFileSync(join(__dirname, '../../edge-functions/recommendations.mjs'), 'utf8');

/** A request as CloudFront hands it to a function: the path as it was sent, the query taken apart. */
export interface EdgeRequest {
  readonly method: string;
  readonly uri: string;
  readonly querystring: Readonly<Record<string, { readonly value: string; readonly multiValue?: readonly object[] }>>;
}

export interface EdgeResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
  readonly body: { readonly encoding: string; readonly data: string };
}

/**
 * The function's own code on Node's engine, with a double of CloudFront's `cf.kvs()`: CloudFront's runtime can't be had
 * outside of AWS. Shows what the function answers, not that CloudFront's engine takes its syntax, and not how long it takes.
 */
export function edgeFunction(
  entries: ReadonlyMap<string, string>,
): (request: EdgeRequest) => Promise<EdgeRequest | EdgeResponse> {
  const store = {
    get: async (key: string, { format }: { format: 'json' | 'string' }) => {
      const value = entries.get(key);
      if (value === undefined) throw new Error('KeyNotFound');
      return format === 'json' ? JSON.parse(value) : value;
    },
  };
  const context = createContext({ cf: { kvs: () => store } });
  runInContext(CODE.replace(/^import cf from 'cloudfront';$/m, ''), context);
  return (request) => {
    // Of what CloudFront calls the function with, what it looks at.
    return runInContext('handler', context)({ version: '1.0', context: { eventType: 'viewer-request' }, request });
  };
}

/** A request for a path with a query. */
export function get(target: string): EdgeRequest {
  const { pathname, searchParams } = new URL(target, 'https://edge.example.com');
  const querystring: Record<string, { value: string; multiValue?: object[] }> = {};
  for (const name of new Set(searchParams.keys())) {
    const all = searchParams.getAll(name).map((value) => ({ value }));
    querystring[name] = { value: all[0]?.value as string, ...(all.length > 1 && { multiValue: all }) };
  }
  return { method: 'GET', uri: pathname, querystring };
}

export function isAnswer(outcome: EdgeRequest | EdgeResponse): outcome is EdgeResponse {
  return 'statusCode' in outcome;
}

import { z } from 'zod';
import type { LoopbackAnswer, LoopbackRequest } from './loopback';

/** An event of an HTTP API, payload version 2.0, as far as it is used. */
const HttpEvent = z.object({
  version: z.literal('2.0'),
  rawPath: z.string(),
  rawQueryString: z.string().default(''),
  cookies: z.array(z.string()).default([]),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    stage: z.string().default('$default'),
    http: z.object({ method: z.string(), sourceIp: z.string() }),
  }),
});

/** Of one connection only; the loopback's is another one. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'te', 'upgrade'];

/**
 * The request that an event stands for.
 *
 * @throws ZodError when it is no event of an HTTP API with payload version 2.0
 */
export function requestOf(event: unknown): LoopbackRequest {
  const { rawPath, rawQueryString, cookies, headers, body, isBase64Encoded, requestContext } = HttpEvent.parse(event);
  const { stage, http } = requestContext;
  // A stage other than $default is the path's first segment, and no part of the API's own.
  const path = stage !== '$default' && rawPath.startsWith(`/${stage}/`) ? rawPath.slice(stage.length + 1) : rawPath;
  return {
    method: http.method,
    path: rawQueryString === '' ? path : `${path}?${rawQueryString}`,
    headers: {
      ...Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name.toLowerCase()))),
      ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
      // API Gateway's own word: whatever the caller wrote there is not.
      'x-forwarded-for': http.sourceIp,
    },
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** An answer as API Gateway takes it. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly cookies?: string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const TEXT = /^(text\/|application\/(json|problem\+json|yaml))/;

export function resultOf({ status, headers, body }: LoopbackAnswer): HttpResult {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'set-cookie' || HOP_BY_HOP.includes(name)) continue;
    kept[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const cookies = headers['set-cookie'];
  const isText = TEXT.test(headers['content-type'] ?? '');
  return {
    statusCode: status,
    headers: kept,
    ...(cookies && { cookies }),
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}

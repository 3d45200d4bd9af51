import cors from 'cors';
import type { RequestHandler } from 'express';
import { RESPONSE_HEADERS } from '../openapi/headers';

/** Seconds for which a browser remembers that it may ask; Chromium remembers no longer. */
const PREFLIGHT_SECONDS = 7200;

/**
 * Lets pages of these origins call the API; without it a browser shows them no answer. No cookies are sent or taken:
 * a page authenticates by a header, so nothing that a browser adds by itself opens anything.
 */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Api-Key', 'X-Request-Id', 'Traceparent'],
    exposedHeaders: Object.keys(RESPONSE_HEADERS),
    maxAge: PREFLIGHT_SECONDS,
  });
}

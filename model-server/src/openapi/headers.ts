import { RUNGS } from '../ladder';
import type { JsonSchema } from './json-schema';

interface Header {
  readonly description: string;
  readonly schema: JsonSchema;
}

const text = { type: 'string' };

/** Headers of answers, by name. */
export const RESPONSE_HEADERS: Readonly<Record<string, Header>> = {
  'x-request-id': {
    description: "The request's id in the server's log: the request's own `x-request-id`, or one that is made up.",
    schema: { type: 'string', pattern: '^[\\w.:/+=@-]{1,128}$' },
  },
  'x-model-version': {
    description: 'The version of the model that answered; left out when there was none.',
    schema: text,
  },
  'x-recommendation-rung': {
    description: 'Where the items come from: the `rung` of the body.',
    schema: { type: 'string', enum: RUNGS },
  },
  'RateLimit-Policy': {
    description: 'Each limit with its quota `q` in a window of `w` seconds; only where requests are limited.',
    schema: text,
  },
  RateLimit: {
    description: 'What is left of each limit, `r`, and the seconds `t` until it is whole again; as RateLimit-Policy.',
    schema: text,
  },
  'Retry-After': {
    description: 'Seconds to wait before the next attempt.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
  'WWW-Authenticate': {
    description: 'How to authenticate, and which scope is missing (RFC 6750).',
    schema: text,
  },
  ETag: { description: 'Names the content, for `If-None-Match`.', schema: text },
  'Inference-Header-Content-Length': {
    description: 'Bytes of the JSON, when raw tensors follow it.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
};

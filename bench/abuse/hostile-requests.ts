import fc from 'fast-check';
import { hostileBytes, hostileKey, hostileObject, hostileText, type Latin1 } from './hostile-values';
import { ROUTES, type Route } from './routes';

/** A request whose framing is right, and whose contents need not be. */
export interface HostileRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Latin1;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'QUERY'];

function requestTo(route: Route): fc.Arbitrary<HostileRequest> {
  const method = fc.oneof(
    { weight: 9, arbitrary: fc.constant<string>(route.method) },
    { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
  );
  const body: fc.Arbitrary<{ bytes: Latin1; encoding?: string }> = fc.oneof(
    {
      weight: route.body ? 6 : 1,
      arbitrary: hostileObject(route.body ?? {}).map((text) => ({ bytes: Buffer.from(text).toString('latin1') })),
    },
    { weight: route.body ? 2 : 1, arbitrary: hostileBytes },
    { weight: route.body ? 0 : 8, arbitrary: fc.constant({ bytes: '' }) },
  );
  return fc.tuple(method, path(route), query(route), headers, body).map(([verb, pathname, search, extra, sent]) => ({
    method: verb,
    target: pathname + search,
    headers: {
      ...(sent.bytes === '' ? {} : { 'content-type': 'application/json' }),
      ...extra,
      ...(sent.encoding === undefined ? {} : { 'content-encoding': sent.encoding }),
      'content-length': `${sent.bytes.length}`,
    },
    body: sent.bytes,
  }));
}

/** Percent-encoded, lone surrogates too, as no encoder of the platform would. */
function encode(text: string): string {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[^\w.~-]/g, (char) => {
    if (char.length === 2) return encodeURIComponent(char);
    const code = char.charCodeAt(0);
    const bytes =
      code < 0x80
        ? [code]
        : code < 0x800
          ? [0xc0 | (code >> 6), 0x80 | (code & 63)]
          : [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
    return bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  });
}

/** What a client may put into a path unescaped, right or wrong. */
const rawPathText = fc.constantFrom(
  '%',
  '%zz',
  '%E0%A4%A',
  '%00',
  '%2e%2e%2f',
  '..',
  '.',
  '//',
  ';a=b',
  ':',
  '\\',
  '\xff\xfe',
  '*',
  '{}',
  '?',
  '#',
);

function path({ path: pattern, parameters = {} }: Route): fc.Arbitrary<string> {
  const segments = pattern
    .slice(1)
    .split('/')
    .map((segment) => {
      if (!segment.startsWith(':')) return fc.constant(segment);
      const right = parameters[segment.slice(1)] ?? ['x'];
      return fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...right).map(encode) },
        hostileText.map(encode),
        rawPathText,
      );
    });
  const tail = fc.oneof({ weight: 30, arbitrary: fc.constant('') }, rawPathText);
  return fc.tuple(fc.tuple(...segments), tail).map(([parts, end]) => `/${parts.join('/')}${end}`);
}

function query({ query: known = {} }: Route): fc.Arbitrary<string> {
  const right = Object.entries(known).map(([key, values]) =>
    fc.constantFrom(...values).map((value) => `${key}=${value}`),
  );
  const wrong = fc
    .tuple(hostileKey(Object.keys(known)), hostileText)
    .map(([key, value]) => `${encode(key)}=${encode(value)}`);
  const bracketed = fc
    .tuple(hostileKey(Object.keys(known)), rawPathText)
    .map(([key, value]) => `${key.replace(/[^!-~]/g, '_')}=${value}`);
  const parts = fc.oneof(...right, wrong, wrong, bracketed);
  return fc.array(parts, { maxLength: 5 }).map((all) => (all.length === 0 ? '' : `?${all.join('&')}`));
}

const headerText = fc.oneof(
  fc
    .string({ unit: fc.constantFrom(...'abcXYZ019 \t;,="\'(){}<>@\\/%\x80\xff'), maxLength: 60 })
    .map((text) => text.trim()),
  fc.integer({ min: 100, max: 4000 }).map((length) => 'h'.repeat(length)),
);

/** Any of what servers and their middleware read. */
const headers: fc.Arbitrary<Record<string, string>> = fc.record(
  {
    'content-type': fc.oneof(
      fc.constantFrom(
        'text/plain',
        'application/json; charset=utf-16',
        'application/json; charset=x',
        'application/json;;;',
        'application/vnd.api+json',
        'multipart/form-data',
        '',
        ',',
        'application/x-www-form-urlencoded',
      ),
      headerText,
    ),
    accept: fc.oneof(fc.constantFrom('*/*', 'text/html', ';q=9', 'application/json;q=0'), headerText),
    'accept-encoding': fc.oneof(fc.constantFrom('gzip', 'identity;q=0', '*;q=0'), headerText),
    authorization: fc.oneof(
      fc.constantFrom('Bearer', 'Bearer a.b.c', 'Basic Og==', 'Bearer eyJhbGciOiJub25lIn0.e30.'),
      headerText,
    ),
    'x-api-key': headerText,
    cookie: headerText,
    origin: fc.constantFrom('null', 'https://evil.example', 'x'),
    traceparent: fc.constantFrom('00-00000000000000000000000000000000-0000000000000000-00', 'ff', '00-zz-zz-zz'),
    'x-request-id': headerText,
    'x-forwarded-for': fc.constantFrom('127.0.0.1', '::1, x', 'a, b, c', '999.999.999.999'),
    'x-http-method-override': fc.constantFrom(...METHODS),
    'if-none-match': headerText,
    'if-modified-since': headerText,
    range: fc.constantFrom('bytes=0-', 'bytes=9999999999999-', 'bytes=-1', 'bytes=a-b', 'x=1'),
    'inference-header-content-length': fc.constantFrom('0', '10', '-1', '1e3', '99999999999', 'x'),
    'idempotency-key': headerText,
    'last-event-id': headerText,
  },
  { requiredKeys: [] },
);

/** To all routes alike, and some to none. */
export const hostileRequest: fc.Arbitrary<HostileRequest> = fc.oneof(
  ...ROUTES.map((route) => ({ weight: route.body ? 10 : 3, arbitrary: requestTo(route) })),
  {
    weight: 2,
    arbitrary: requestTo({ method: 'GET', path: '/:anything/:else', parameters: { anything: ['v1', 'v2'] } }),
  },
);

import fc from 'fast-check';
import type { Latin1 } from './hostile-values';

/** Bytes for a socket, and the statuses that the server answers them with, in order. */
export interface RawShape {
  readonly name: string;
  readonly bytes: Latin1;
  readonly answers: readonly number[];
  /** Whether the client ends its side at once, which makes a half of a request of what it sent. */
  readonly half: boolean;
}

const BODY = '{"items":["item-0"]}';
const message = (line: string, headers: readonly string[], body = ''): Latin1 =>
  [line, ...headers, '', body].join('\r\n');
const get = (...headers: string[]) => message('GET /livez HTTP/1.1', ['Host: a', ...headers]);
const post = (headers: readonly string[], body: Latin1) =>
  message('POST /v1/recommendations HTTP/1.1', ['Host: a', 'Content-Type: application/json', ...headers], body);
const length = `Content-Length: ${BODY.length}`;
const chunked = 'Transfer-Encoding: chunked';
const chunks = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
/** The request that an intermediary would not see. */
const smuggled = get();

const shape = (name: string, bytes: Latin1, ...answers: number[]): RawShape => ({ name, bytes, answers, half: false });
const half = (name: string, bytes: Latin1, ...answers: number[]): RawShape => ({ name, bytes, answers, half: true });

export const RAW_SHAPES: readonly RawShape[] = [
  shape('a request', get(), 200),
  shape('a session', post([length], BODY), 200),
  shape('chunks', post([chunked], chunks), 200),
  shape('pipelined requests', get().repeat(20), ...Array(20).fill(200)),
  shape('a pipelined session between requests', get() + post([length], BODY) + get(), 200, 200, 200),

  shape('a length and chunks', post([length, chunked], chunks + smuggled), 400),
  shape('chunks and a length', post([chunked, 'Content-Length: 4'], chunks + smuggled), 400),
  shape('two lengths', post([length, 'Content-Length: 4'], BODY + smuggled), 400),
  shape('two lengths in one', post([`${length}, 4`], BODY + smuggled), 400),
  shape('the same length twice', post([length, length], BODY), 400),
  shape('a negative length', post(['Content-Length: -1'], BODY), 400),
  shape('a signed length', post([`Content-Length: +${BODY.length}`], BODY), 400),
  shape('a hexadecimal length', post(['Content-Length: 0x14'], BODY), 400),
  shape('a length beyond 64 bits', post([`Content-Length: ${'9'.repeat(30)}`], BODY), 400),
  shape('a length with a vertical tab', post([`Content-Length: \x0b${BODY.length}`], BODY), 400),
  shape('an encoding that is not known', post(['Transfer-Encoding: xchunked'], chunks), 400),
  shape('chunks that are not last', post(['Transfer-Encoding: chunked, identity'], chunks), 400),
  shape('two encodings', post([chunked, 'Transfer-Encoding: identity'], chunks), 400),
  shape('a space before the colon', post(['Transfer-Encoding : chunked', length], chunks), 400),
  shape('a folded header', post([`Transfer-Encoding:\r\n chunked`, length], BODY), 400),
  shape('a header that begins with a space', get(' X: folded'), 400),
  shape('bare line feeds', 'GET /livez HTTP/1.1\nHost: a\n\n', 400),
  shape('a bare carriage return in a header', get('X: a\rTransfer-Encoding: chunked'), 400),
  shape('a chunk whose size is no number', post([chunked], 'zz\r\n'), 400),
  half('a chunk of more than 64 bits', post([chunked], `${'f'.repeat(17)}\r\n${BODY}`), 400),
  shape('a chunk without its line end', post([chunked], `14\r\n${BODY}0\r\n\r\n`), 400),
  shape('a chunk that ends in a bare line feed', post([chunked], `14\n${BODY}\n0\n\n`), 400),
  shape('long chunk extensions', post([chunked], `14;${'x'.repeat(20_000)}\r\n${BODY}\r\n0\r\n\r\n`), 400),
  shape('many trailers', post([chunked], `14\r\n${BODY}\r\n0\r\n${'Name: value-x\r\n'.repeat(1500)}\r\n`), 431),

  shape('a long header', get(`X: ${'x'.repeat(20_000)}`), 431),
  shape('many headers', get(...Array<string>(1500).fill('Name: value-x')), 431),
  shape('a long path', message(`GET /${'x'.repeat(20_000)} HTTP/1.1`, ['Host: a']), 431),
  shape('a NUL in a header', get('X: a\0b'), 400),
  shape('a NUL in the path', message('GET /li\0vez HTTP/1.1', ['Host: a']), 400),
  shape('a header without a name', get(': x'), 400),
  shape('a header without a colon', get('nonsense'), 400),
  shape('no host', message('GET /livez HTTP/1.1', []), 400),
  shape('two hosts', get('Host: b'), 400),
  shape('a request that expects a miracle', get('Expect: a-miracle'), 417),
  shape('an upgrade', get('Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x'), 200),
  shape('an upgrade to HTTP/2', get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: x'), 200),

  shape('an absolute target', message('GET http://a/livez HTTP/1.1', ['Host: a']), 200),
  shape('an absolute target elsewhere', message('GET http://169.254.169.254/livez HTTP/1.1', ['Host: a']), 200),
  shape('a target that is a star', message('OPTIONS * HTTP/1.1', ['Host: a']), 404),
  shape('a target without a slash', message('GET livez HTTP/1.1', ['Host: a']), 400),
  half('CONNECT', message('CONNECT a:443 HTTP/1.1', ['Host: a'])),
  shape('a method that is not known', message('BREW /livez HTTP/1.1', ['Host: a']), 400),
  shape('a method in small letters', message('get /livez HTTP/1.1', ['Host: a']), 400),
  half('HTTP/0.9', 'GET /livez\r\n', 400),
  shape('HTTP/1.0', message('GET /livez HTTP/1.0', []), 200),
  shape('HTTP/1.2', message('GET /livez HTTP/1.2', ['Host: a']), 400),
  shape('HTTP/9.9', message('GET /livez HTTP/9.9', ['Host: a']), 400),
  shape('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400),
  shape('the hello of TLS', `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03${'Z'.repeat(500)}`, 400),
  shape('SSH', 'SSH-2.0-OpenSSH_9.2\r\n', 400),
  shape('zeros', '\0'.repeat(1000), 400),

  half('nothing', ''),
  half('line ends', '\r\n'.repeat(100)),
  shape('line ends before a request', `\r\n\r\n${get()}`, 200),
  half('half a head', get().slice(0, 20), 400),
  half('half a body', post([length], BODY.slice(0, 5)), 400),
  half('half a chunk', post([chunked], chunks.slice(0, 8)), 400),
  shape('bytes after a request', `${get()}\x01\x02\x03`, 200, 400),
];

/** A shape with some bytes changed, sent in pieces, and ended rightly or not. */
export interface RawAttack {
  readonly bytes: Latin1;
  /** Positions at which it is cut into segments. */
  readonly cuts: readonly number[];
  /** Whether the client ends what it sends, or resets the connection. */
  readonly ending: 'end' | 'reset';
}

const fragment = fc.oneof(
  fc.constantFrom(
    '\r\n',
    '\n',
    '\r',
    '\0',
    ' ',
    '\t',
    ':',
    ';',
    ',',
    '0',
    '\xff',
    '%',
    chunked,
    `${length}\r\n`,
    smuggled,
    'HTTP/1.1',
    'Host: a\r\n',
  ),
  fc.uint8Array({ minLength: 1, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);
const mutation = fc.record({
  at: fc.nat({ max: 100_000 }),
  remove: fc.nat({ max: 10 }),
  insert: fc.oneof(fc.constant(''), fragment),
});

export const rawAttack: fc.Arbitrary<RawAttack> = fc
  .record({
    start: fc.constantFrom(...RAW_SHAPES.map(({ bytes }) => bytes)),
    mutations: fc.array(mutation, { maxLength: 4 }),
    cuts: fc.array(fc.nat({ max: 400 }), { maxLength: 3 }),
    ending: fc.constantFrom<RawAttack['ending']>('end', 'end', 'end', 'reset'),
  })
  .map(({ start, mutations, cuts, ending }) => {
    let bytes = start;
    for (const { at, remove, insert } of mutations) {
      // Most of what can go wrong is in the head, and not in its filling.
      const position = at % (Math.min(bytes.length, 400) + 1);
      bytes = bytes.slice(0, position) + insert + bytes.slice(position + remove);
    }
    return {
      bytes,
      cuts: [...new Set(cuts)].filter((cut) => cut > 0 && cut < bytes.length).sort((a, b) => a - b),
      ending,
    };
  });

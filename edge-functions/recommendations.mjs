// CloudFront Function (cloudfront-js-2.0): answers from its key-value store what the model server would answer, and hands
// everything else on. The runtime has ES 5.1 with async functions, const, let and regular expressions of ES 9; a function
// may have 10 KB and must be done in about a millisecond, so it reads two keys and joins what they hold.
//
// Keys: `current` is {"version","generation","visitor"}; `<generation>/p` the popular items, `<generation>/i/<item>` the
// items like one, best first, as a flat list of id, name, score. A promotion writes a generation, then moves `current`.
import cf from 'cloudfront';

const SIMILAR = /^\/v1\/items\/([^/]+)\/similar$/;
const RECOMMENDATIONS = /^\/v1\/users\/([^/]+)\/recommendations$/;
const DEFAULT_LIMIT = 10;

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
async function handler(event) {
  const request = event.request;
  const limit = limitOf(request.querystring);
  if (request.method !== 'GET' || limit === 0) return request;
  try {
    const store = cf.kvs();
    const current = await store.get('current', { format: 'json' });
    const similar = SIMILAR.exec(request.uri);
    if (similar) {
      const item = decodeURIComponent(similar[1]);
      const held = await store.get(`${current.generation}/i/${item}`, { format: 'json' });
      const head = `"item":${JSON.stringify(item)},${versionAndRung(current, 'session')},"fallback":null`;
      return answer(request, current, 'session', head, held, limit);
    }
    const user = RECOMMENDATIONS.exec(request.uri);
    if (user && user[1] === current.visitor) {
      const held = await store.get(`${current.generation}/p`, { format: 'json' });
      const head = `"user":${JSON.stringify(user[1])},${versionAndRung(current, 'popular')},"fallback":"unknown-user"`;
      return answer(request, current, 'popular', head, held, limit);
    }
    return request;
  } catch (_missing) {
    // A key that isn't there, or an id that isn't well encoded: the origin knows more.
    return request;
  }
}

/** How many items are asked for; 0 where the query says anything else, or says it wrong. */
function limitOf(querystring) {
  const names = Object.keys(querystring);
  if (names.length === 0) return DEFAULT_LIMIT;
  const limit = querystring.limit;
  if (names.length > 1 || !limit || limit.multiValue || !/^\d{1,9}$/.test(limit.value)) return 0;
  return Number(limit.value);
}

function versionAndRung(current, rung) {
  return `"modelVersion":"${current.version}","rung":"${rung}"`;
}

/** The best of what is held, as the server's bytes; fewer than asked for are the origin's to answer. */
function answer(request, current, rung, head, held, limit) {
  if (held.length < 3 * limit) return request;
  const items = [];
  for (let i = 0; i < 3 * limit; i += 3) {
    // The server writes six decimals, or none.
    const score = held[i + 2] % 1 === 0 ? held[i + 2] : held[i + 2].toFixed(6);
    items.push(`{"id":${JSON.stringify(held[i])},"name":${JSON.stringify(held[i + 1])},"score":${score}}`);
  }
  return {
    statusCode: 200,
    statusDescription: 'OK',
    headers: {
      'content-type': { value: 'application/json; charset=utf-8' },
      'cache-control': { value: 'no-store' },
      'x-content-type-options': { value: 'nosniff' },
      'content-security-policy': { value: "default-src 'none'; frame-ancestors 'none'" },
      'strict-transport-security': { value: 'max-age=63072000; includeSubDomains' },
      'x-model-version': { value: current.version },
      'x-recommendation-rung': { value: rung },
      'x-answered-by': { value: 'edge' },
    },
    body: { encoding: 'text', data: `{${head},"items":[${items.join(',')}]}` },
  };
}

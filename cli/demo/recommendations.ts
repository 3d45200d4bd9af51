/** A customer who bought a dozen kinds of baking things and lunch boxes: easy to judge by eye. */
const CUSTOMER = '12347';
/** WHITE HANGING HEART T-LIGHT HOLDER and RED HANGING HEART T-LIGHT HOLDER. */
const SESSION = ['85123A', '21733'];
const WIDTH = 80;

interface Item {
  readonly id: string;
  readonly name: string | null;
  readonly score: number | null;
  readonly reasons?: readonly { readonly name: string; readonly contribution: number }[];
}

interface Answer {
  readonly rung: string;
  readonly fallback: string | null;
  readonly items: readonly Item[];
}

/** Asks a running server what a shop would ask, over HTTP, and answers what it said as text. */
export async function showRecommendations(url: string): Promise<string> {
  const { purchases } = await get<{ purchases: readonly Item[] }>(`${url}/v1/users/${CUSTOMER}`);
  const bought = purchases.slice(0, 5).map(({ name, id }) => `    ${name ?? id}`);
  const [personal, session, similar, unknown] = await Promise.all([
    get<Answer>(`${url}/v1/users/${CUSTOMER}/recommendations?limit=5&reasons=2`),
    get<Answer>(`${url}/v1/recommendations`, { items: SESSION, limit: 3, reasons: 1 }),
    get<Answer>(`${url}/v1/items/${SESSION[0]}/similar?limit=3`),
    get<Answer>(`${url}/v1/users/nobody/recommendations?limit=3`),
  ]);
  return [
    `Customer ${CUSTOMER} bought ${purchases.length} items, last of all:`,
    ...bought,
    ...describeAnswer(`GET /v1/users/${CUSTOMER}/recommendations?limit=5&reasons=2`, personal),
    ...describeAnswer(`POST /v1/recommendations {"items":["${SESSION.join('","')}"],"limit":3,"reasons":1}`, session),
    ...describeAnswer(`GET /v1/items/${SESSION[0]}/similar?limit=3`, similar),
    ...describeAnswer('GET /v1/users/nobody/recommendations?limit=3', unknown),
  ].join('\n');
}

function describeAnswer(request: string, { rung, fallback, items }: Answer): string[] {
  const lines = items.flatMap(({ id, name, score, reasons }) => {
    const why = (reasons ?? []).map((reason) => `        because of ${reason.name}: ${reason.contribution.toFixed(3)}`);
    return [`${(score ?? 0).toFixed(3).padStart(9)}  ${name ?? id}`, ...why].map((line) => line.slice(0, WIDTH));
  });
  return ['', request, `  rung: ${rung}${fallback ? ` (${fallback})` : ''}`, ...lines];
}

async function get<T>(url: string, body?: unknown): Promise<T> {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

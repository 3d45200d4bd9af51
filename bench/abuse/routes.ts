/** A route of the server, with what a right request to it looks like. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** As the router has it: `/v1/users/:user`. */
  readonly path: string;
  /** Values that its path's parameters, its query's and its body's fields may have. */
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly body?: Readonly<Record<string, readonly unknown[]>>;
}

const USERS = ['1', '12347', 'nobody', 'ünïcode'];
const ITEMS = ['item-0', 'item-1', 'item-499', 'unheard-of'];
const LIMITS = ['1', '10', '100'];

const MODEL = { model: ['tiny', 'nobody'] };
const VERSIONED = { ...MODEL, version: ['1', '2'] };
const tensor = (name: string, datatype: string, shape: readonly number[], data: readonly unknown[]) => ({
  name,
  datatype,
  shape,
  data,
});
/**
 * To the recommender's graph of four items. What only the run itself can refuse, such as item 4, is left out: the server
 * answers it by 500 `model-failed`.
 */
const INFERENCE = {
  id: ['', 'x'],
  inputs: [0, 3, -1].map((item) => [
    tensor('items', 'INT32', [1, 2], [item, 1]),
    tensor('weights', 'FP32', [1, 2], [1, 0.5]),
    tensor('mask', 'BOOL', [1, 4], [false, false, true, false]),
    tensor('k', 'INT32', [1], [2]),
    tensor('explain', 'BOOL', [1], [item === 0]),
  ]),
  outputs: [[{ name: 'indices' }], [{ name: 'scores', parameters: { binary_data: true } }], []],
};
/** As the Open Inference Protocol has it, with a model's version and without. */
const ofModel = (path: string, route: Pick<Route, 'method' | 'body'>): Route[] => [
  { ...route, path: `/v2/models/:model${path}`, parameters: MODEL },
  { ...route, path: `/v2/models/:model/versions/:version${path}`, parameters: VERSIONED },
];

/**
 * What is attacked: all that the public port serves. A test compares it with the server's routers, so that a new route
 * can't be left out.
 */
export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/users/:user/recommendations',
    parameters: { user: USERS },
    query: {
      limit: LIMITS,
      reasons: ['0', '10'],
      excludeSeen: ['true', 'false'],
      exclude: ['item-0,item-1', 'item-2'],
    },
  },
  {
    method: 'POST',
    path: '/v1/recommendations',
    body: {
      items: [['item-0'], ['item-1', 'item-2', 'item-3'], Array(100).fill('item-7')],
      user: USERS,
      limit: [1, 100],
      reasons: [0, 10],
      excludeSeen: [true, false],
      exclude: [[], ['item-0']],
    },
  },
  {
    method: 'POST',
    path: '/invocations',
    body: {
      items: [['item-0'], Array(100).fill('item-7'), undefined],
      user: USERS,
      limit: [1, 100],
      reasons: [0, 10],
      excludeSeen: [true, false],
      exclude: [[], ['item-0']],
    },
  },
  {
    method: 'GET',
    path: '/v1/items/:item/similar',
    parameters: { item: ITEMS },
    query: { limit: LIMITS, exclude: ['item-0,item-1'] },
  },
  {
    method: 'POST',
    path: '/v1/events',
    body: {
      events: [
        [{ user: '1', item: 'item-0', type: 'purchase' }],
        [
          { id: 'a', user: '2', item: 'item-1', type: 'purchase', at: '2026-01-01T00:00:00Z' },
          { id: 'a', user: '2', item: 'item-1', type: 'purchase', at: 0 },
        ],
        Array(100).fill({ user: '3', item: 'unheard-of', type: 'purchase' }),
      ],
    },
  },
  { method: 'GET', path: '/v1/users', query: { limit: LIMITS } },
  { method: 'GET', path: '/v1/users/:user', parameters: { user: USERS } },
  { method: 'GET', path: '/v1/model' },
  { method: 'GET', path: '/livez' },
  { method: 'GET', path: '/startupz' },
  { method: 'GET', path: '/readyz' },
  { method: 'GET', path: '/ping' },
  { method: 'GET', path: '/metrics' },
  { method: 'GET', path: '/openapi.json' },
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/v2' },
  { method: 'GET', path: '/v2/health/live' },
  { method: 'GET', path: '/v2/health/ready' },
  { method: 'GET', path: '/v2/models' },
  ...ofModel('', { method: 'GET' }),
  ...ofModel('/ready', { method: 'GET' }),
  ...ofModel('/schema', { method: 'GET' }),
  ...ofModel('/infer', { method: 'POST', body: INFERENCE }),
];

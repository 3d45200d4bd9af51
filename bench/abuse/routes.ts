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

/** What is attacked. A test compares it with the server's router, so that a new route can't be left out. */
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
    method: 'GET',
    path: '/v1/items/:item/similar',
    parameters: { item: ITEMS },
    query: { limit: LIMITS, exclude: ['item-0,item-1'] },
  },
  { method: 'GET', path: '/v1/users', query: { limit: LIMITS } },
  { method: 'GET', path: '/v1/users/:user', parameters: { user: USERS } },
  { method: 'GET', path: '/v1/model' },
  { method: 'GET', path: '/livez' },
  { method: 'GET', path: '/startupz' },
  { method: 'GET', path: '/readyz' },
  { method: 'GET', path: '/metrics' },
  { method: 'GET', path: '/' },
];

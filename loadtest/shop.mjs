/**
 * Visitors of a shop, for k6: each looks at the recommendations, at a similar item, fills a session and buys, with time
 * to think between. `SCENARIO=visitors` ramps the number of visitors, `SCENARIO=sessions` the sessions begun a second.
 */
import { check, fail, sleep } from 'k6';
import http from 'k6/http';

const plan = JSON.parse(open('./plan.json'));
const url = (__ENV.URL || 'http://127.0.0.1:8080').replace(/\/$/, '');
const kind = __ENV.SCENARIO || 'visitors';
const scale = Number(__ENV.SCALE || 1);
const pace = Number(__ENV.PACE || 1);

if (!(kind in plan.scenarios)) {
  fail(`SCENARIO is ${kind}; allowed are ${Object.keys(plan.scenarios).join(', ')}`);
}
if (!(scale > 0) || !(pace > 0)) fail(`SCALE is ${__ENV.SCALE}, PACE is ${__ENV.PACE}; allowed are numbers above 0`);

const steps = ['home', 'similar', 'session', 'event'];
const stages = plan.scenarios[kind].stages.map(({ seconds, target }) => ({
  duration: `${Math.max(1, Math.round(seconds / pace))}s`,
  target: Math.max(target === 0 ? 0 : 1, Math.round(target * scale)),
}));
const highest = Math.max(...stages.map(({ target }) => target));

const executors = {
  visitors: { executor: 'ramping-vus', startVUs: 0, stages, gracefulRampDown: '30s' },
  sessions: {
    executor: 'ramping-arrival-rate',
    startRate: 0,
    timeUnit: '1s',
    stages,
    // A session lasts its pauses, and somewhat longer when the server is slow.
    preAllocatedVUs: Math.ceil((highest * sessionSeconds()) / pace),
    maxVUs: Math.ceil((highest * sessionSeconds() * 2) / pace) + 10,
  },
};

export const options = {
  scenarios: { [kind]: executors[kind] },
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
  thresholds: {
    http_req_failed: [`rate<${plan.objective.errorBudget}`],
    'http_req_duration{kind:shop}': [`p(99)<${plan.objective.latencyP99Ms}`],
    // A threshold makes k6 show a step by itself.
    ...Object.fromEntries(steps.map((step) => [`http_req_duration{step:${step}}`, ['max>=0']])),
    checks: [`rate>${1 - plan.objective.errorBudget}`],
    dropped_iterations: ['count==0'],
  },
};

/** What is popular, to look at and to buy, and whether the server takes events. */
export function setup() {
  const popular = http.get(`${url}/v1/users/a-first-visitor/recommendations?limit=100`);
  if (popular.status !== 200) fail(`${url} does not recommend: ${popular.status} ${popular.error || popular.body}`);
  const events = http.request('OPTIONS', `${url}/v1/events`, null, {
    responseCallback: http.expectedStatuses(204, 404),
  });
  const takesEvents = events.status === 204;
  if (!takesEvents) console.warn('the server takes no events: that step is left out');
  return { items: popular.json('items.#.id'), takesEvents };
}

export default function visit({ items, takesEvents }) {
  const visitor = `visitor-${__VU}`;
  const home = ask('home', 'GET', `/v1/users/${visitor}/recommendations`, '/v1/users/:user/recommendations');
  think();
  const shown = home?.items ?? [];
  const seen = pick(shown.length > 0 ? shown.map(({ id }) => id) : items);
  ask('similar', 'GET', `/v1/items/${encodeURIComponent(seen)}/similar`, '/v1/items/:item/similar');
  think();
  const session = { items: [...new Set([seen, pick(items), pick(items)])], user: visitor };
  ask('session', 'POST', '/v1/recommendations', '/v1/recommendations', session);
  think();
  if (takesEvents) buy(visitor, seen);
  think();
}

function buy(user, item) {
  const event = { id: `${__ENV.RUN || Date.now()}-${__VU}-${__ITER}`, user, item, type: 'purchase' };
  ask('event', 'POST', '/v1/events', '/v1/events', { events: [event] });
}

/** @returns the answer's JSON, or undefined when it is not 2xx */
function ask(step, method, path, route, body) {
  const response = http.request(method, url + path, body && JSON.stringify(body), {
    headers: body && { 'Content-Type': 'application/json' },
    // Without a name of the route k6 keeps figures for every path.
    tags: { name: route, step, kind: 'shop' },
  });
  const answered = check(response, { [`${step} is answered`]: ({ status }) => status >= 200 && status < 300 });
  return answered && response.body ? response.json() : undefined;
}

function pick(values) {
  return values[Math.floor(Math.random() * values.length)];
}

/** Evenly from half to one and a half times the mean. */
function think() {
  sleep((plan.thinkSeconds * (0.5 + Math.random())) / pace);
}

/** The pauses of one session, one after each step. */
function sessionSeconds() {
  return plan.thinkSeconds * steps.length;
}

const LIMIT = 10;
const REASONS = 3;
const BOUGHT_SHOWN = 12;
const EXAMPLES = 4;

const $ = (id) => document.getElementById(id);

/** The answer's JSON; an error that a person can read otherwise. `undefined` for a 404. */
async function ask(path) {
  let response;
  try {
    response = await fetch(path, { headers: { accept: 'application/json' } });
  } catch {
    throw new Error('The server does not answer. Is it running?');
  }
  if (response.status === 404) return undefined;
  const body = await response.json().catch(() => undefined);
  if (response.ok && body) return body;
  throw new Error(body?.detail ?? `The server answered ${response.status} ${response.statusText}.`);
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function notice(text, kind = '') {
  $('notice').hidden = !text;
  $('notice').className = `notice ${kind}`;
  $('notice').textContent = text ?? '';
}

const date = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
const titled = (name) =>
  name === name?.toUpperCase() ? name.toLowerCase().replace(/^./, (c) => c.toUpperCase()) : name;
const label = ({ id, name }) => (name ? titled(name) : `Item ${id}`);
const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

const ORIGINS = {
  personal: "From this customer's purchases, newest counting most",
  session: 'From the items of the session',
  popular: 'What most customers bought lately',
  static: 'A fixed list',
};
const FALLBACKS = {
  'unknown-user': (user) => `Nothing is known of customer ${user}, so these are popular items.`,
  'no-known-items': (user) => `The model knows none of what customer ${user} bought, so these are popular items.`,
  'user-store-deadline': () => "The customer's purchases were not read in time, so these are popular items.",
  'user-store-error': () => "The customer's purchases can't be read, so these are popular items. The log says why.",
  'model-busy': () => 'The model has more to do than it can, so these are popular items. Try again.',
  'model-deadline': () => 'The model was busy until the deadline, so these are popular items. Try again.',
  'model-error': () => 'The model failed, so these are popular items. The log says why.',
  'no-model': () => 'No model is loaded, so this is a fixed list.',
};

function recommendedItem(item, rank, highest, rung) {
  const entry = document.createElement('li');
  entry.append(element('span', 'rank', String(rank)), element('span', 'name', label(item)));
  if (item.score === null) return entry;
  const score = rung === 'popular' ? `${item.score.toLocaleString()} customers` : item.score.toFixed(3);
  entry.append(element('span', 'score', score));
  const bar = element('div', 'bar');
  const filled = document.createElement('i');
  // Scores may all be below zero: then no bar is a share of another.
  filled.style.width = highest > 0 ? `${Math.max(0, (item.score / highest) * 100)}%` : '0';
  bar.append(filled);
  entry.append(bar);
  if (item.reasons?.length) {
    const reasons = element('ul', 'reasons');
    for (const reason of item.reasons) reasons.append(reasonLine(`because of ${label(reason)}`, reason.contribution));
    if (item.otherContributions) reasons.append(reasonLine('and the other purchases', item.otherContributions));
    entry.append(reasons);
  }
  return entry;
}

function reasonLine(text, contribution) {
  const line = document.createElement('li');
  line.append(element('span', '', text), element('span', '', signed(contribution)));
  return line;
}

function showBought(purchases) {
  $('bought-section').hidden = !purchases;
  $('result').classList.toggle('alone', !purchases);
  if (!purchases) return;
  $('bought-count').textContent = `${purchases.length} ${purchases.length === 1 ? 'item' : 'items'}`;
  const lines = purchases.map((purchase) => {
    const line = document.createElement('li');
    line.append(element('span', 'name', label(purchase)), element('span', 'date', date.format(new Date(purchase.at))));
    return line;
  });
  $('bought').replaceChildren(...lines.slice(0, BOUGHT_SHOWN));
  const rest = lines.length - BOUGHT_SHOWN;
  $('more').hidden = rest <= 0;
  $('more').textContent = `Show ${rest} more`;
  $('more').onclick = () => {
    $('bought').append(...lines.slice(BOUGHT_SHOWN));
    $('more').hidden = true;
  };
}

/** Counts what was asked, so that a slow answer doesn't overwrite a newer one. */
let asked = 0;

async function show(user) {
  const turn = ++asked;
  $('user').value = user;
  $('hint').hidden = true;
  $('result').classList.add('loading');
  const path = `v1/users/${encodeURIComponent(user)}`;
  try {
    const [answer, known] = await Promise.all([
      ask(`${path}/recommendations?limit=${LIMIT}&reasons=${REASONS}`),
      ask(path),
    ]);
    if (turn !== asked) return;
    notice(answer.fallback && FALLBACKS[answer.fallback](user), 'warn');
    $('origin').textContent = ORIGINS[answer.rung];
    const highest = Math.max(...answer.items.map(({ score }) => score ?? 0));
    $('recommended').replaceChildren(
      ...answer.items.map((item, i) => recommendedItem(item, i + 1, highest, answer.rung)),
    );
    if (answer.items.length === 0) $('recommended').append(element('li', '', 'Nothing is left to recommend.'));
    showBought(known?.purchases);
    $('result').hidden = false;
    document.title = `${user} · Recommender`;
  } catch (error) {
    if (turn !== asked) return;
    $('result').hidden = true;
    notice(error.message, 'bad');
  } finally {
    if (turn === asked) $('result').classList.remove('loading');
  }
}

function go(user) {
  history.pushState(null, '', `?user=${encodeURIComponent(user)}`);
  show(user);
}

async function showModel() {
  try {
    const model = await ask('v1/model');
    const seed = model.source === 'seed' ? ', the seed' : '';
    $('model').classList.add('ready');
    $('model-text').textContent =
      `${model.model} · ${model.algorithm.name} · ${model.modelVersion.slice(0, 12)}${seed} · ${model.items.toLocaleString()} items`;
    $('model').title = model.modelVersion;
  } catch (error) {
    $('model').classList.add('missing');
    $('model-text').textContent = 'No model answers';
    if ($('notice').hidden) notice(error.message, 'bad');
  }
}

async function showCustomers() {
  const { users } = await ask('v1/users?limit=100');
  $('users').replaceChildren(...users.map((user) => Object.assign(document.createElement('option'), { value: user })));
  if (users.length === 0) {
    $('examples').textContent =
      'No customers are loaded. `recommender users load` does that; any id gets popular items.';
    return;
  }
  const chips = users.slice(0, EXAMPLES).map((user) => {
    const chip = element('button', '', user);
    chip.type = 'button';
    chip.onclick = () => go(user);
    return chip;
  });
  $('examples').replaceChildren('Try', ...chips);
}

function showAddress() {
  const user = new URLSearchParams(location.search).get('user');
  if (user) show(user);
  else {
    asked++;
    $('user').value = '';
    $('hint').hidden = false;
    $('result').hidden = true;
    notice();
  }
}

$('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const user = $('user').value.trim();
  if (user) go(user);
});
addEventListener('popstate', showAddress);
showAddress();
showModel();
// Without the list a customer's id can still be typed; what is wrong shows at the model.
showCustomers().catch(() => undefined);

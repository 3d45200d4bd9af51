import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { SecurityGuard } from '../../../src/guards/security-guard';
import { SECURITY_RULES } from '../../../src/security/rules';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';
import { CORPUS } from './corpus';
import { stackOf } from './corpus/corpus';

const seed = Number(process.env.SEED ?? randomInt(1, 2 ** 31));
const guard = new SecurityGuard();

/** What a value may be in somebody else's stack: of any type, an expression, or a block once or several times. */
const odd = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    true,
    false,
    0,
    -1,
    '',
    '*',
    `\${var.x}`,
    `\${`,
    `\${aws_vpc.X.id}`,
    `a\${b(c)}`,
    '[]',
    '{',
  ),
  fc.constantFrom(
    [],
    {},
    { toString: null },
    [{ toString: null }],
    [null],
    [[]],
    [{}],
    { dynamic: { x: {} } },
    'null',
    '{"Statement":[null,1,{"Principal":3}]}',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const fixtures = Object.values(CORPUS).map(({ base }) => stackOf(base));

/** All places of a block at which something else could be. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => places(one, [...path, key]))];
}

const changed = (value: unknown, [name, ...rest]: readonly string[], to: unknown): unknown => {
  if (name === undefined) return to;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Reflect.set(copy, name, changed(Reflect.get(copy, name), rest, to));
  return copy;
};

/** A stack of the corpus with something odd at one place in it, below a resource's name. */
const stacks = fc.tuple(fc.constantFrom(...fixtures), fc.nat(), odd).map(([json, at, value]) => {
  const inside = places(json.resource).filter((path) => path.length > 2);
  return changed(json, ['resource', ...(inside[at % inside.length] ?? [])], value) as typeof json;
});

test(`no block makes a rule throw, whatever is in it, seed ${seed}`, () => {
  expect(fixtures).toHaveLength(SECURITY_RULES.length);
  fc.assert(
    fc.property(stacks, (json) => {
      guard.check([new SynthesizedStack('shop', json)]);
    }),
    { numRuns: 10_000, seed },
  );
});

test(`what only Terraform knows breaks no rule, seed ${seed}`, () => {
  const known = (json: (typeof fixtures)[number]) => guard.report([new SynthesizedStack('shop', json)]).violations;
  const unknown = fc.tuple(fc.constantFrom(...fixtures), fc.nat()).map(([json, at]) => {
    const leaves = places(json.resource).filter((path) => typeof valueAt(json.resource, path) !== 'object');
    return { json, path: leaves[at % leaves.length] ?? [] };
  });
  fc.assert(
    fc.property(unknown, ({ json, path }) => {
      const violations = known(changed(json, ['resource', ...path], `\${var.unknown}`) as typeof json);
      expect(violations.map(({ rule, problem }) => ({ path, rule, problem }))).toEqual([]);
    }),
    { numRuns: 5_000, seed },
  );
});

const valueAt = (value: unknown, path: readonly string[]) =>
  path.reduce<unknown>((parent, name) => Reflect.get(parent as object, name), value);

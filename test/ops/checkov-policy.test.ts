import { AREA_NAMES } from '../rehearsal/aws/all-areas';
import { POLICY } from '../rehearsal/aws/checkov-policy';

const STACKS = ['aws-dev', 'aws-prod', 'regulated'];
const { stacks, constructs } = POLICY;

test('the stacks need ten exceptions at most, whatever is the reason, and each of them is needed by one', () => {
  expect(stacks.length).toBeLessThanOrEqual(10);
  expect(stacks.filter(({ seen }) => !seen.some((place) => STACKS.includes(place)))).toEqual([]);
});

test('what constructs need besides is of areas alone, and gets no more', () => {
  expect(constructs.length).toBeLessThanOrEqual(3);
  expect(constructs.flatMap(({ seen }) => seen).filter((place) => STACKS.includes(place))).toEqual([]);
});

test.each([...stacks, ...constructs])('$checks: says why, and is seen where it can be', ({ checks, seen, reason }) => {
  expect(checks.length).toBeGreaterThan(0);
  expect(reason.length).toBeGreaterThan(40);
  expect([...AREA_NAMES, ...STACKS]).toEqual(expect.arrayContaining([...seen]));
  expect(seen.length).toBeGreaterThan(0);
});

test('a rule is in one entry', () => {
  const checks = [...stacks, ...constructs].flatMap((entry) => entry.checks);
  expect(new Set(checks).size).toBe(checks.length);
});

import { AREA_NAMES } from '../rehearsal/aws/all-areas';
import { POLICY } from '../rehearsal/checkov-policy';

const STACKS = ['aws-dev', 'aws-prod', 'regulated'];
const AZURE_STACKS = ['azure-dev', 'azure-prod'];
const { stacks, constructs, azure } = POLICY;
const ALL = [...stacks, ...constructs, ...azure];

test('the stacks need ten exceptions at most, whatever is the reason, and each of them is needed by one', () => {
  expect(stacks.length).toBeLessThanOrEqual(10);
  expect(stacks.filter(({ seen }) => !seen.some((place) => STACKS.includes(place)))).toEqual([]);
});

test('what constructs need besides is of areas alone, and gets no more', () => {
  expect(constructs.length).toBeLessThanOrEqual(3);
  expect(constructs.flatMap(({ seen }) => seen).filter((place) => !AREA_NAMES.includes(place))).toEqual([]);
});

test('so do those on Azure, whose exceptions are theirs alone', () => {
  expect(azure.length).toBeLessThanOrEqual(10);
  expect(azure.flatMap(({ seen }) => seen).filter((place) => !AZURE_STACKS.includes(place))).toEqual([]);
});

test.each(ALL)('$checks: says why, and is seen where it can be', ({ checks, seen, reason }) => {
  expect(checks.length).toBeGreaterThan(0);
  expect(reason.length).toBeGreaterThan(40);
  expect([...AREA_NAMES, ...STACKS, ...AZURE_STACKS]).toEqual(expect.arrayContaining([...seen]));
  expect(seen.length).toBeGreaterThan(0);
});

test('a rule is in one entry', () => {
  const checks = ALL.flatMap((entry) => entry.checks);
  expect(new Set(checks).size).toBe(checks.length);
});

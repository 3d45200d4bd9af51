import { findViolations } from '../../../src/security/find-violations';
import { SECURITY_RULES } from '../../../src/security/rules';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';
import { CORPUS } from './corpus';
import { type Changes, type Fixture, stackOf } from './corpus/corpus';

const found = (fixture: Fixture, changes?: Changes) =>
  findViolations(new SynthesizedStack('shop', stackOf(fixture, changes)), SECURITY_RULES).violations.map(
    ({ rule, address, problem }) => ({ rule, address, problem }),
  );

test('every rule has a mutant that breaks it, and every mutant is of a rule', () => {
  expect(Object.keys(CORPUS).sort()).toEqual(SECURITY_RULES.map(({ id }) => id).sort());
  expect(Object.entries(CORPUS).filter(([, { breaks }]) => breaks.length === 0)).toEqual([]);
  expect(SECURITY_RULES.length).toBeGreaterThanOrEqual(60);
});

describe.each(SECURITY_RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const { base, breaks, keeps } = CORPUS[id] as (typeof CORPUS)[string];

  test(`is kept, as all rules are, where nothing is wrong: ${rule.title}`, () => {
    expect(found(base)).toEqual([]);
  });

  for (const [index, changes] of breaks.entries()) {
    test(`fails when it is broken by mutant ${index + 1}`, () => {
      expect(found(base, changes)).toContainEqual(expect.objectContaining({ rule: id }));
    });
  }

  for (const [index, changes] of keeps.entries()) {
    test(`is kept by variant ${index + 1}`, () => {
      expect(found(base, changes).filter((one) => one.rule === id)).toEqual([]);
    });
  }

  test('says how bad it is, why, what to do and where that is written', () => {
    expect(rule).toMatchObject({
      id: expect.stringMatching(/^(AWS|AZ|K8S)-[A-Z0-9]+-\d{3}$/),
      severity: expect.stringMatching(/^(critical|high|medium|low)$/),
      reason: expect.stringMatching(/^\S.{15,}\.$/),
      fix: expect.stringMatching(/^[A-Z].{10,}\.$/),
      reference: expect.stringMatching(/^https:\/\/[^ ]+$/),
    });
    expect(rule.title).toMatch(/^[A-Z].*[^.]$/);
    expect(rule.appliesTo.length).toBeGreaterThan(0);
  });
});

test('no id is used twice, and none is of checkov twice for one type', () => {
  expect(new Set(SECURITY_RULES.map(({ id }) => id)).size).toBe(SECURITY_RULES.length);
  const theirs = SECURITY_RULES.flatMap(({ checkov, appliesTo }) =>
    checkov ? appliesTo.map((type) => `${checkov} ${type}`) : [],
  );
  expect(new Set(theirs).size).toBe(theirs.length);
});

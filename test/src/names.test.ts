import { Naming } from '../../src';

const naming = new Naming('recommender', 'prod');

test('a name is project, environment and parts', () => {
  expect(naming.name('models', '111122223333')).toBe('recommender-prod-models-111122223333');
});

test.each([63, 64])('of %d characters, a name is taken up to 63', (length) => {
  const part = 'x'.repeat(length - 'recommender-prod-'.length);
  if (length <= 63) expect(naming.name(part)).toHaveLength(length);
  else {
    expect(() => naming.name(part)).toThrow(
      `the name recommender-prod-${part} has 64 characters; allowed are 63. Choose a shorter project name.`,
    );
  }
});

describe('a compact name', () => {
  test('is 3 to 24 lowercase letters and digits, whatever the project is called', () => {
    for (const project of ['abc', 'recommender', 'a-very-long-project1']) {
      expect(new Naming(project, 'staging').compact('models', 'subscription')).toMatch(/^[a-z0-9]{3,24}$/);
    }
  });

  test('is the same at every synth, and another for another subscription, environment or part', () => {
    const names = [
      naming.compact('models', 'one'),
      naming.compact('models', 'two'),
      naming.compact('state', 'one'),
      new Naming('recommender', 'dev').compact('models', 'one'),
    ];
    expect(new Set(names).size).toBe(4);
    expect(names[0]).toBe('recommenderprodmc2d2703a');
  });
});

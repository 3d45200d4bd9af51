import { join } from 'node:path';
import { rehearseStack } from '../../cli/rehearsal';
import { loadConfig } from '../../src';
import { type CheckovVerdict, checkovVerdict } from './checkov-policy';

const ROOT = join(__dirname, '..', '..');

it.each(['azure-dev', 'azure-prod'])(
  "%s, deployed to a stand-in, keeps checkov's rules, but for what the policy says why",
  async (stack) => {
    let verdict: CheckovVerdict | undefined;
    const { steps } = await rehearseStack({
      project: ROOT,
      config: loadConfig(ROOT),
      stack,
      commands: 'terraform',
      until: 'second plan',
      afterDeploy: async ({ planJson }) => {
        verdict = await checkovVerdict(stack, await planJson());
      },
    });
    expect(steps.filter(({ ok }) => !ok)).toEqual([]);
    process.stdout.write(`checkov, ${stack}: ${verdict?.passed} passed\n`);
    expect(verdict).toMatchObject({ broken: [], unneeded: [] });
    expect(verdict?.passed).toBeGreaterThan(100);
  },
  300_000,
);

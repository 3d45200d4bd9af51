import type { SecurityRule } from './rule';
import { SECURITY_RULES, SECURITY_RULES_BY_AREA } from './rules';

/** `docs/security-rules.md` */
export function securityRulesPage(): string {
  const tables = Object.entries(SECURITY_RULES_BY_AREA).map(([area, rules]) => `## ${area}\n\n${table(rules)}`);
  return `${INTRODUCTION}\n${tables.join('\n')}`;
}

function table(rules: readonly SecurityRule[]): string {
  const rows = rules.map(({ id, title, severity, appliesTo, checkov, reference }) => {
    const types = appliesTo.map((type) => `\`${type}\``).join(', ');
    return `| [${id}](${reference}) | ${title} | ${severity} | ${types} | ${checkov ?? ''} |`;
  });
  return ['| rule | what is kept | severity | of | in checkov |', '| --- | --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

const WITH_CHECKOV = SECURITY_RULES.filter(({ checkov }) => checkov).length;

const INTRODUCTION = `<!-- Written from src/security/ by \`npm run docs\`; a test compares them. -->

# Security rules

\`SecurityGuard\` holds stacks to ${SECURITY_RULES.length} rules for AWS, Azure and Kubernetes, while they are synthesized and before anything is
deployed. It reads what a stack synthesizes to, so it works on any CDKTF project, with constructs of this library or without
([an example](../examples/security-guard.ts)). A violation names the construct, what is wrong, why that matters and what to
change. One of severity \`low\` is a warning, any other fails the synth; all are told at once.

\`\`\`ts
import { App, TerraformStack } from 'cdktf';
import { guardStacks, SecurityGuard } from 'cdktf-recommender/guards';

const app = new App();
const shop = new TerraformStack(app, 'shop');
guardStacks(
  [shop],
  [
    new SecurityGuard({
      suppressions: [
        {
          rule: 'AWS-NET-001',
          path: 'shop/Bastion',
          reason: 'The old office has no VPN; the bastion goes with its lease.',
          until: '2027-03-31',
        },
      ],
    }),
  ],
);
app.synth();
\`\`\`

What only Terraform knows (a variable, an attribute that the cloud gives) breaks no rule. Of a cluster's objects, those are
read that Terraform's resources declare, \`kubernetes_manifest\` among them, and those that the charts of this library are
given; what charts of others make is not. What a controller makes later is held to no rule.

## Suppressions

A suppression lets a construct break a rule for a while.

| field | what it says |
| --- | --- |
| \`rule\` | The id of the rule. One that isn't there is refused before the synth. |
| \`path\` | The path of the construct, and of all in it. \`*\` is any name, \`**\` any path: \`aws-*/ModelStore\`. |
| \`reason\` | Why it may, for whoever reviews it. |
| \`until\` | The last day. From the next one on the suppression is an error, and suppresses nothing. |

\`SuppressionGuard\` tells of those that ended and, as a warning, of those that suppress nothing: give it all stacks that
they are about, together. The stacks of this repository read theirs from \`security.suppressions\` of the
[config](config.md); \`recommender report security\` lists what is suppressed, why and until when. \`report(stacks)\` of a
\`SecurityGuard\` answers the same as what can be written as JSON.

## Beside checkov

${WITH_CHECKOV} of the rules are in checkov, too. A test compares both on a corpus of stacks that break each rule
([figures](results/2026-11-22-security-rules.md)). checkov reads Terraform's plans, for which providers and credentials must be
there; this guard runs in the synth, in a fraction of a second. checkov has far more rules, and reads what isn't CDKTF.
`;

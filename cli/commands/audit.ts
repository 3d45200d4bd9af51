import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { DEADLINES, type Deadlines } from '../audit/assign';
import type { AuditReport } from '../audit/report';
import { EXIT } from '../exit-codes';
import { jsonOption, regionOption } from '../options';
import { Output, table } from '../output';

interface AuditOptions {
  readonly region: string;
  readonly owner: string;
  readonly deadlines: Deadlines;
  readonly output?: string;
  readonly json?: boolean;
}

const inWords = (deadlines: Deadlines) =>
  Object.entries(deadlines)
    .map(([severity, days]) => `${severity.toLowerCase()}=${days}`)
    .join(',');

export function auditCommand(): Command {
  return new Command('audit')
    .description('report what Security Hub and AWS Config found, each with an owner and a deadline')
    .addOption(regionOption())
    .requiredOption('--owner <name>', "whose a finding is when its resource has no tag 'owner'")
    .option(
      '--deadlines <days>',
      `days to end a finding in, by severity (${inWords(DEADLINES)})`,
      parseDeadlines,
      DEADLINES,
    )
    .option('--output <folder>', 'write audit.md and audit.json there')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExits with 1 when a finding is overdue. Credentials come from the AWS SDK: may\nread only.',
    )
    .action(async ({ region, owner: defaultOwner, deadlines, output, json = false }: AuditOptions) => {
      const { assign } = await import('../audit/assign.js');
      const { gather } = await import('../audit/gather.js');
      const { asked, findings } = await gather(region);
      const at = new Date();
      const report = { region, at, asked, findings: assign(findings, { deadlines, defaultOwner, now: at }) };
      if (output !== undefined) await write(report, output);
      new Output(json).result(report, () => describe(report));
      if (report.findings.some(({ overdue }) => overdue)) process.exitCode = EXIT.failed;
    });
}

/** @throws InvalidArgumentError for anything but severities with whole days from 1 */
function parseDeadlines(text: string): Deadlines {
  const allowed = `allowed are days from 1 by severity, such as ${inWords(DEADLINES)}; those left out keep theirs.`;
  const given = text.split(',').map((part) => {
    const [, severity = '', days = ''] = /^(critical|high|medium|low)=([1-9]\d{0,3})$/.exec(part) ?? [];
    if (!severity) throw new InvalidArgumentError(allowed);
    return [severity.toUpperCase(), Number(days)];
  });
  return { ...DEADLINES, ...Object.fromEntries(given) };
}

async function write(report: AuditReport, folder: string): Promise<void> {
  const { toMarkdown } = await import('../audit/report.js');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'audit.md'), toMarkdown(report));
  await writeFile(join(folder, 'audit.json'), `${JSON.stringify(report, null, 2)}\n`);
}

function describe({ region, asked, findings }: AuditReport): string {
  const overdue = findings.filter((finding) => finding.overdue);
  const summary = `${region}, by ${asked.join(' and ')}: ${findings.length} open, ${overdue.length} overdue`;
  if (findings.length === 0) return summary;
  const rows = findings.map(({ severity, due, overdue, owner, title, resource }) => [
    `${overdue ? '✖' : ' '} ${severity.toLowerCase()}`,
    due?.toISOString().slice(0, 10) ?? '-',
    owner,
    title,
    resource,
  ]);
  return `${summary}\n\n${table(['severity', 'due', 'owner', 'finding', 'resource'], rows)}`;
}

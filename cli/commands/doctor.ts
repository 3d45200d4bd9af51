import { Argument, Command } from 'commander';
import { examine, type Finding, PURPOSES, type Purpose } from '../doctor';
import { EXIT } from '../exit-codes';
import { jsonOption } from '../options';
import { Output } from '../output';

export function doctorCommand(): Command {
  const names = Object.keys(PURPOSES);
  return new Command('doctor')
    .description('look for the tools and credentials that are needed, and say how to get what is missing')
    .addArgument(new Argument('[purposes...]', 'what you want to do').choices(names).default(names))
    .addOption(jsonOption())
    .action(async (purposes: Purpose[], options: { json?: boolean }) => {
      const findings = await examine(purposes);
      new Output(options.json ?? false).result(findings, () => describeFindings(findings));
      if (findings.some(({ ok }) => !ok)) process.exitCode = EXIT.missing;
    });
}

/** A block a purpose, a line a finding, the fix below what is missing. */
function describeFindings(findings: readonly Finding[]): string {
  return Object.entries(PURPOSES)
    .map(([purpose, title]) => {
      const own = findings.filter((finding) => finding.purpose === purpose);
      const lines = own.flatMap(({ ok, name, found, fix }) => [
        `  ${ok ? '✔' : '✖'} ${name.padEnd(18)} ${found}`,
        ...(fix ? [`      ${fix}`] : []),
      ]);
      return own.length > 0 ? [`To ${title}:`, ...lines].join('\n') : '';
    })
    .filter(Boolean)
    .join('\n');
}

import { type AssignedFinding, SEVERITIES } from './finding';

/** What was found in an account and region, as one report. */
export interface AuditReport {
  readonly region: string;
  readonly at: Date;
  /** Whom the findings are from; those of others were not there to be asked. */
  readonly asked: readonly string[];
  readonly findings: readonly AssignedFinding[];
}

/** The report as Markdown: what is overdue, what is due, by owner. */
export function toMarkdown({ region, at, asked, findings }: AuditReport): string {
  const overdue = findings.filter((finding) => finding.overdue);
  const due = findings.filter((finding) => !finding.overdue);
  const lines = [
    `# Audit of ${region}, ${day(at)}`,
    '',
    `Asked: ${asked.join(', ')}. ${findings.length} open, ${overdue.length} overdue.`,
    '',
    ...section('Overdue', overdue),
    ...section('Open', due),
    ...(findings.length > 0 ? ['## By owner', '', ...table(['owner', 'open', 'overdue'], owners(findings)), ''] : []),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** How many there are of each severity, in words: `1 critical, 3 high`. */
export function countBySeverity(findings: readonly AssignedFinding[]): string {
  const counts = SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count > 0 ? `${count} ${severity.toLowerCase()}` : '';
  });
  return counts.filter(Boolean).join(', ') || 'none';
}

export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function section(title: string, findings: readonly AssignedFinding[]): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map(({ severity, due, owner, source, title, resource, firstSeen }) => [
    severity.toLowerCase(),
    due ? day(due) : '-',
    owner,
    title,
    resource,
    source,
    day(firstSeen),
  ]);
  const head = ['severity', 'due', 'owner', 'finding', 'resource', 'found by', 'first seen'];
  return [`## ${title}: ${countBySeverity(findings)}`, '', ...table(head, rows), ''];
}

function owners(findings: readonly AssignedFinding[]): string[][] {
  const names = [...new Set(findings.map(({ owner }) => owner))].sort();
  return names.map((name) => {
    const own = findings.filter(({ owner }) => owner === name);
    return [name, `${own.length}`, `${own.filter(({ overdue }) => overdue).length}`];
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  // What others wrote must not end a cell, nor a row, nor become a link or an element.
  const cell = (text: string) => text.replace(/[\\|`<>[\]*_]/g, '\\$&').replace(/\s+/g, ' ');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(cell)))];
}

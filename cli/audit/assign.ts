import { type AssignedFinding, type Finding, SEVERITIES, type Severity } from './finding';

/** Days from when something was first seen to when it has to be gone; none for what only informs. */
export type Deadlines = Readonly<Record<Exclude<Severity, 'INFORMATIONAL'>, number>>;

export const DEADLINES: Deadlines = { CRITICAL: 7, HIGH: 30, MEDIUM: 90, LOW: 180 };

/** Tag that says whose a resource is; every resource of ours has it. */
const OWNER_TAG = 'owner';
const DAY_MS = 86_400_000;

export interface Assignment {
  readonly deadlines: Deadlines;
  /** Whose a finding is when its resource doesn't say. */
  readonly defaultOwner: string;
  readonly now: Date;
}

/** Gives each finding an owner and a deadline. What is overdue comes first, then what is worse, then what is older. */
export function assign(findings: readonly Finding[], assignment: Assignment): AssignedFinding[] {
  return findings.map((finding) => assignOne(finding, assignment)).sort(byUrgency);
}

function assignOne({ tags, ...finding }: Finding, { deadlines, defaultOwner, now }: Assignment): AssignedFinding {
  const { severity, firstSeen } = finding;
  const days = severity === 'INFORMATIONAL' ? undefined : deadlines[severity];
  const due = days === undefined ? undefined : new Date(firstSeen.getTime() + days * DAY_MS);
  return { ...finding, owner: tags[OWNER_TAG] || defaultOwner, due, overdue: due !== undefined && due < now };
}

function byUrgency(a: AssignedFinding, b: AssignedFinding): number {
  return (
    Number(b.overdue) - Number(a.overdue) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    a.firstSeen.getTime() - b.firstSeen.getTime() ||
    a.id.localeCompare(b.id)
  );
}

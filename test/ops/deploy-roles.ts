import { join } from 'node:path';
import { ACCOUNT_ID } from '../rehearsal/aws/account';
import { allows } from '../rehearsal/aws/iam/decision';
import type { Policy } from '../rehearsal/aws/iam/policy';
import type { Call } from '../rehearsal/aws/role-expectation';
import { ResolvedTemplate } from './resolved-template';

const FOLDER = join(__dirname, '..', '..', 'ops/bootstrap');
export const BASE = join(FOLDER, 'aws.yaml');
export const PARTS_FILE = join(FOLDER, 'aws-parts.yaml');
export const MORE_PARTS_FILE = join(FOLDER, 'aws-more-parts.yaml');

/** What aws-parts.yaml switches on. */
const FIRST_PARTS = ['Data', 'Streams', 'Serverless', 'Containers', 'Delivery', 'Edge', 'Audit'] as const;
/** What aws-more-parts.yaml switches on. */
const MORE_PARTS = ['SageMaker', 'Teams'] as const;
export const PARTS = [...FIRST_PARTS, ...MORE_PARTS];
export type Part = (typeof PARTS)[number];

/** Parts that each area of the rehearsal has; `aws-<environment>` has none. */
export const AREA_PARTS: Readonly<Record<string, readonly Part[]>> = {
  'api-gateway': ['Serverless', 'Edge'],
  audit: ['Audit'],
  'auto-scaling': ['Containers', 'Edge'],
  'auto-scaling-deployment': ['Containers', 'Serverless', 'Edge'],
  'aws-prod': [],
  backup: ['Data'],
  cluster: [],
  'cluster-auto-mode': [],
  data: ['Data'],
  'data-lake': ['Streams'],
  delivery: ['Containers', 'Delivery', 'Edge'],
  'document-store': [],
  edge: ['Edge'],
  'event-streams': ['Streams'],
  fargate: ['Containers', 'Edge'],
  migration: ['Data'],
  ml: ['SageMaker', 'Serverless'],
  network: [],
  regulated: ['Data', 'Streams', 'Serverless', 'Edge', 'Audit'],
  observability: ['Serverless', 'Teams'],
  serverless: ['Serverless'],
  storage: [],
  workflow: ['Serverless', 'Data'],
};

export type BootstrapRole = 'DeployRole' | 'PlanRole';

export interface BootstrapOptions {
  /** @default 'shop' */
  readonly project?: string;
  /** @default 'prod' */
  readonly environment?: string;
  /** What both templates of parts are deployed with. @default [] */
  readonly parts?: readonly Part[];
}

/** The templates, deployed for one environment whose state has a key of its own. */
export class Bootstrap {
  readonly base: ResolvedTemplate;
  readonly parts: ResolvedTemplate;
  readonly moreParts: ResolvedTemplate;
  private readonly resolved = new Map<BootstrapRole, readonly Policy[]>();
  private boundary?: Policy;
  private readonly project: string;
  private readonly environment: string;

  constructor({ project = 'shop', environment = 'prod', parts = [] }: BootstrapOptions = {}) {
    const names = { Project: project, Environment: environment };
    const given = { ...names, GitHubRepository: 'shop/recommender', CreateStateKey: 'true' };
    this.project = project;
    this.environment = environment;
    this.base = new ResolvedTemplate(BASE, given, ACCOUNT_ID);
    const roles = { DeployRoles: `${project}-deploy`, PlanRoles: `${project}-plan` };
    const withParts = (file: string, known: readonly Part[]) => {
      const on = known.filter((part) => parts.includes(part)).map((part) => [part, 'true']);
      return new ResolvedTemplate(file, { ...names, ...roles, ...Object.fromEntries(on) }, ACCOUNT_ID);
    };
    this.parts = withParts(PARTS_FILE, FIRST_PARTS);
    this.moreParts = withParts(MORE_PARTS_FILE, MORE_PARTS);
  }

  policies(role: BootstrapRole): readonly Policy[] {
    const known = this.resolved.get(role);
    if (known) return known;
    const name = `${this.project}-${role === 'DeployRole' ? 'deploy' : 'plan'}`;
    const parts = [this.parts, this.moreParts].flatMap((template) => template.attachedTo(name));
    const policies = [...this.base.policiesOf(role), ...parts];
    this.resolved.set(role, policies);
    return policies;
  }

  /** Whether a role may do something, within its boundary. */
  allows(role: BootstrapRole, call: Call): boolean {
    this.boundary ??= this.base.policy('DeployBoundary');
    return allows(this.policies(role), call, this.boundary);
  }

  /** ARN of the boundary that every role of the stacks has, `PermissionsBoundary` gives it to them. */
  get workloadBoundary(): string {
    return `arn:aws:iam::${ACCOUNT_ID}:policy/${this.project}-${this.environment}-boundary`;
  }

  /** A call on a role, of one that has the workloads' boundary. */
  bounded(call: Call): Call {
    const needs = /^iam:(AttachRolePolicy|CreateRole|PutRolePermissionsBoundary|PutRolePolicy)$/.test(call.action);
    return needs ? { ...call, context: { ...call.context, 'iam:PermissionsBoundary': this.workloadBoundary } } : call;
  }
}

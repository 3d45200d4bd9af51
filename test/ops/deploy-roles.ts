import { join } from 'node:path';
import { ACCOUNT_ID } from '../rehearsal/aws/account';
import { allows } from '../rehearsal/aws/iam/decision';
import type { Policy } from '../rehearsal/aws/iam/policy';
import type { Call } from '../rehearsal/aws/role-expectation';
import { ResolvedTemplate } from './resolved-template';

const FOLDER = join(__dirname, '..', '..', 'ops/bootstrap');
export const BASE = join(FOLDER, 'aws.yaml');
export const PARTS_FILE = join(FOLDER, 'aws-parts.yaml');

/** What aws-parts.yaml switches on. */
export const PARTS = ['Data', 'Streams', 'Serverless', 'Containers', 'Delivery', 'Edge', 'Audit'] as const;
export type Part = (typeof PARTS)[number];

/** Parts that each area of the rehearsal has; `aws-<environment>` has none. */
export const AREA_PARTS: Readonly<Record<string, readonly Part[]>> = {
  'api-gateway': ['Serverless', 'Edge'],
  audit: ['Audit'],
  'auto-scaling': ['Containers', 'Edge'],
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
  network: [],
  regulated: ['Data', 'Streams', 'Serverless', 'Edge', 'Audit'],
  observability: [],
  serverless: ['Serverless'],
  storage: [],
  workflow: ['Serverless', 'Data'],
};

/** Areas that a deploy role may not have: aws-parts.yaml has no part for them yet. */
export const BEYOND_PARTS = ['ml'];

export type BootstrapRole = 'DeployRole' | 'PlanRole';

export interface BootstrapOptions {
  /** @default 'shop' */
  readonly project?: string;
  /** @default 'prod' */
  readonly environment?: string;
  /** What aws-parts.yaml is deployed with. @default [] */
  readonly parts?: readonly Part[];
}

/** Both templates, deployed for one environment whose state has a key of its own. */
export class Bootstrap {
  readonly base: ResolvedTemplate;
  readonly parts: ResolvedTemplate;
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
    const on = Object.fromEntries(parts.map((part) => [part, 'true']));
    this.parts = new ResolvedTemplate(PARTS_FILE, { ...names, ...roles, ...on }, ACCOUNT_ID);
  }

  policies(role: BootstrapRole): readonly Policy[] {
    const known = this.resolved.get(role);
    if (known) return known;
    const name = `${this.project}-${role === 'DeployRole' ? 'deploy' : 'plan'}`;
    const policies = [...this.base.policiesOf(role), ...this.parts.attachedTo(name)];
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

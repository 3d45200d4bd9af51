import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../errors';
import { PACKAGE_ROOT } from '../process/compiled';
import { run } from '../process/run';
import { pythonEnvironment } from '../toolchain/python-environment';
import { asWritten } from './as-written';

const REQUIREMENTS = join(PACKAGE_ROOT, 'checkov', 'requirements.txt');

const CheckedRule = z
  .object({ check_id: z.string(), check_name: z.string(), resource: z.string() })
  .transform(({ check_id: id, check_name: name, resource: address }) => ({ id, name, address }));
const Report = z.object({
  summary: z.object({ checkov_version: z.string() }),
  results: z.object({ passed_checks: z.array(CheckedRule), failed_checks: z.array(CheckedRule) }),
});

/** A rule of checkov's that was held against a resource: `{ id: 'CKV_AWS_144', address: 'aws_s3_bucket.Models', … }`. */
export type CheckedRule = z.infer<typeof CheckedRule>;

export interface CheckovResult {
  readonly version: string;
  readonly passed: readonly CheckedRule[];
  readonly failed: readonly CheckedRule[];
}

export interface CheckovOptions {
  /**
   * Terraform's JSON of a plan. One of what is deployed has all values; in a first plan checkov fails what is unknown yet.
   * What a provider filled in is not held against anything.
   */
  readonly plan: string;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Holds a plan against checkov's rules. Installed on first use.
 *
 * @throws RehearsalError where checkov can't be had, or says nothing that can be read
 */
export async function runCheckov({ plan, onProgress, signal }: CheckovOptions): Promise<CheckovResult> {
  const python = await pythonEnvironment({
    name: 'checkov',
    title: 'checkov',
    requirements: REQUIREMENTS,
    onProgress,
    signal,
  });
  const folder = await mkdtemp(join(tmpdir(), 'checkov-'));
  try {
    const file = join(folder, 'plan.json');
    await writeFile(file, asWritten(plan));
    const what = ['-f', file, '--framework', 'terraform_plan', '-o', 'json'];
    // Without the last, it asks its maker's server for links to its guidelines, and is long about it when offline.
    const args = [...what, '--compact', '--skip-download'];
    const program = join(dirname(python), 'checkov');
    const { stdout, output } = await run(python, [program, ...args], { cwd: folder, timeoutSeconds: 300, signal });
    const report = Report.safeParse(parsed(stdout));
    if (!report.success) throw new RehearsalError(`checkov answered nothing that can be read:\n${output.slice(-2000)}`);
    const { summary, results } = report.data;
    return { version: summary.checkov_version, passed: results.passed_checks, failed: results.failed_checks };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

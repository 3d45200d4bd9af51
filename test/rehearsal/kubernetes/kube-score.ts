import { spawnSync } from 'node:child_process';
import { KUBERNETES_VERSION, type KubernetesObject, kubeScoreProgram } from '@cdktf-recommender/rehearsal';
import { stringify } from 'yaml';

/** kube-score's grade for what it calls critical. */
const CRITICAL = 1;

interface Score {
  readonly object_name: string;
  readonly type_meta: { readonly kind: string };
  readonly object_meta: { readonly name: string };
  readonly checks: readonly {
    readonly check: { readonly name: string };
    readonly grade: number;
    readonly skipped: boolean;
  }[];
}

/** What kube-score finds critical: `Deployment/model-server: Container Image Tag`, sorted. */
export async function criticalOf(objects: readonly KubernetesObject[]): Promise<string[]> {
  const program = await kubeScoreProgram({ onProgress: (line) => console.error(line) });
  const version = KUBERNETES_VERSION.split('.').slice(0, 2).join('.');
  const { stdout, stderr } = spawnSync(
    program,
    ['score', '--kubernetes-version', version, '--output-format', 'json', '-'],
    { input: objects.map((object) => stringify(object)).join('---\n'), encoding: 'utf8' },
  );
  const scores: Score[] = JSON.parse(stdout || `"${stderr}"`);
  return scores
    .flatMap(({ type_meta, object_meta, checks }) =>
      checks
        .filter(({ grade, skipped }) => grade === CRITICAL && !skipped)
        .map(({ check }) => `${type_meta.kind}/${object_meta.name}: ${check.name}`),
    )
    .sort();
}

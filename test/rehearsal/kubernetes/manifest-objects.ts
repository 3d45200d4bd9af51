import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '@cdktf-recommender/rehearsal';
import { parseAllDocuments } from 'yaml';

const ROOT = join(__dirname, '../../..');

/** Objects of a text with YAML documents, as programs for Kubernetes read them. */
export function documents(text: string): KubernetesObject[] {
  return parseAllDocuments(text, { version: '1.1' })
    .map((document) => document.toJS())
    .filter(Boolean);
}

/** Objects of the YAML files in a folder of the repository. */
export function inFolder(name: string): KubernetesObject[] {
  return readdirSync(join(ROOT, name))
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => documents(readFileSync(join(ROOT, name, file), 'utf8')));
}

export function byName(objects: readonly KubernetesObject[]): Record<string, KubernetesObject> {
  const name = ({ kind, metadata }: KubernetesObject) =>
    [kind, [metadata.namespace, metadata.name].filter(Boolean).join('/')].join(' ');
  return Object.fromEntries(objects.map((object) => [name(object), object]));
}

/** As manifests leave things out: what a controller owns, and maps of nothing. */
export function asManifest(object: KubernetesObject): KubernetesObject {
  const copy = structuredClone(object) as KubernetesObject & {
    spec?: { replicas?: number };
    data?: object;
    metadata: { annotations?: object; labels?: object };
  };
  // The autoscaler's.
  if (copy.kind === 'Deployment' && copy.metadata.name === 'model-server') delete copy.spec?.replicas;
  // The follower's.
  if (copy.kind === 'ConfigMap' && copy.metadata.name === 'model-server-version') delete copy.data;
  for (const map of ['annotations', 'labels'] as const) {
    if (Object.keys(copy.metadata[map] ?? { some: '' }).length === 0) delete copy.metadata[map];
  }
  return copy;
}

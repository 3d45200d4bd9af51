import { helmValues } from '../../constructs/kubernetes/chart-release';
import type { KubernetesObject } from '../../src/synthesized/kubernetes-object';
import type { StackContents, ThirdPartyChart } from '../../src/synthesized/stack-contents';
import { monitoringObjects } from './monitoring-objects';
import { type Files, WRITTEN_BY } from './written-files';

/** Namespace of Prometheus and what belongs to it. */
const MONITORING = 'monitoring';

/** Which folder an object goes to, and which file of it: `kubectl apply -f` takes files by their names' order. */
export interface Place {
  readonly folder: 'manifests' | 'monitoring';
  readonly file: string;
  readonly object: KubernetesObject;
}

/** The first line of each file. */
export const header = (stack: string, comment = '#') =>
  `${comment} ${WRITTEN_BY} ${stack}\`. Change the stack or its config, and run it again.`;

/** Objects as YAML files by kind, in `manifests` and `monitoring`, and the values of others' charts in `helm`. */
export function plainYaml(stack: string, contents: StackContents): Files {
  const monitored = contents.charts.map(monitoringObjects);
  const charts = monitored.map(({ chart }) => chart);
  const places = [...placesOf(contents), ...monitored.flatMap(({ objects }) => objects.map(byKind('20')))];
  const paths = [...new Set(places.map(({ folder, file }) => `${folder}/${file}`))].sort();
  const textOf = (path: string) =>
    yamlOf(places.filter(({ folder, file }) => `${folder}/${file}` === path).map(({ object }) => object));
  return {
    ...Object.fromEntries(paths.map((path) => [path, `${header(stack)}\n${textOf(path)}`])),
    ...Object.fromEntries(
      charts.map((chart) => [`helm/${chart.name}.yaml`, `${header(stack)}\n${helmValues(chart.values)}`]),
    ),
    'manifests/README.md': readme(stack, paths, charts, contents.secrets),
  };
}

/** Where objects go: namespaces first, what operators bring last. */
export function placesOf({ objects, customResources }: StackContents): Place[] {
  return [
    ...objects.map((object) => byKind(object.kind === 'Namespace' ? '00' : '10')(object)),
    ...Object.entries(customResources).flatMap(([release, own]) =>
      own.map((object) => ({ folder: folderOf(object), file: `20-${release}.yaml`, object })),
    ),
  ];
}

/** Objects as documents of one file. */
export function yamlOf(objects: readonly KubernetesObject[]): string {
  return objects.map((object) => `---\n${helmValues(object)}`).join('');
}

const byKind =
  (order: string) =>
  (object: KubernetesObject): Place => ({
    folder: folderOf(object),
    file: `${order}-${object.kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.yaml`,
    object,
  });

function folderOf({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): Place['folder'] {
  const own = kind === 'Namespace' ? name : namespace;
  return own === MONITORING || apiVersion.startsWith('monitoring.coreos.com/') ? 'monitoring' : 'manifests';
}

function readme(
  stack: string,
  paths: readonly string[],
  charts: readonly ThirdPartyChart[],
  secrets: readonly string[],
): string {
  const namespaces = paths.filter((path) => path.includes('/00-'));
  const folders = [...new Set(paths.map((path) => path.split('/')[0]))].sort().reverse();
  const apply = (files: readonly (string | undefined)[]) =>
    `kubectl apply --server-side ${files.map((file) => `-f ${file}`).join(' ')}`;
  return `${header(stack, '<!--')} -->

# Without Terraform

What the stack \`${stack}\` has in its cluster, as plain YAML. In the folder that has \`manifests/\`:

\`\`\`sh
${apply(namespaces)}
${charts.map((chart) => `${install(chart)}\n`).join('')}${apply(folders.map((folder) => `${folder}/`))}
\`\`\`

Namespaces come first, then charts, which bring the kinds of what is left. The replicas of the model server are its
autoscaler's, so the Deployment names no number.
${secrets.length > 0 ? `\nSecrets are not written here. Make them in the cluster: ${secrets.join(', ')}.\n` : ''}`;
}

function install({ name, namespace, repository, chart, version }: ThirdPartyChart): string {
  const from = repository.startsWith('oci://') ? `${repository}/${chart}` : `${chart} --repo ${repository}`;
  return `helm upgrade --install ${name} ${from} --version ${version} --namespace ${namespace} --values helm/${name}.yaml`;
}

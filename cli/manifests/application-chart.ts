import { helmValues } from '../../constructs/kubernetes/chart-release';
import { PORT_FORWARDS } from '../../constructs/kubernetes/port-forwards';
import type { KubernetesObject } from '../../src/synthesized/kubernetes-object';
import type { StackContents } from '../../src/synthesized/stack-contents';
import { chartTemplate } from './chart-template';
import { type ChartValue, strictObject, takeValues } from './chart-values';
import { header, type Place, placesOf } from './plain-yaml';
import type { Files } from './written-files';

const FOLDER = 'charts/recommender';

/**
 * The application as a Helm chart, which with its default values renders what `manifests` has. What nobody knows has no
 * default: the chart refuses to be installed without it.
 *
 * @param version of the chart
 */
export function applicationChart(stack: string, version: string, contents: StackContents): Files {
  const head = header(`${stack} --chart`);
  // A copy, because marks are put into it.
  const application = structuredClone(withOwnNamespaces(placesOf(contents)));
  const values = takeValues(application.map(({ object }) => object));
  const names = [...new Set(application.map(({ file }) => file))].sort();
  const objectsIn = (name: string) => application.filter(({ file }) => file === name).map(({ object }) => object);
  return {
    [`${FOLDER}/Chart.yaml`]: `${head}\n${helmValues({
      apiVersion: 'v2',
      name: 'recommender',
      description: 'The model server with its autoscaler, disruption budget and network policies',
      type: 'application',
      version,
      appVersion: version,
    })}`,
    [`${FOLDER}/values.yaml`]: `${head}\n${values.map(documented).join('')}`,
    [`${FOLDER}/values.schema.json`]: `${JSON.stringify(schemaOf(head, values), null, 2)}\n`,
    [`${FOLDER}/templates/NOTES.txt`]: `{{- /* ${head.replace(/^# /, '')} */ -}}
The model server is reached from inside the cluster, and from here by:

  ${PORT_FORWARDS.model_server}
`,
    ...Object.fromEntries(
      names.map((name) => [`${FOLDER}/templates/${name}`, `${head}\n${template(objectsIn(name))}`]),
    ),
  };
}

/** What runs beside the application has its charts, and those their namespaces. */
function withOwnNamespaces(places: readonly Place[]): Place[] {
  const own = places.filter(({ folder }) => folder === 'manifests');
  const used = new Set(own.map(({ object }) => object.metadata.namespace));
  return own.filter(({ object: { kind, metadata } }) => kind !== 'Namespace' || used.has(metadata.name));
}

function template(objects: readonly KubernetesObject[]): string {
  const text = chartTemplate(objects);
  const areNamespaces = objects.every(({ kind }) => kind === 'Namespace');
  return areNamespaces ? `{{- if .Values.createNamespaces }}\n${text}{{- end }}\n` : text;
}

function documented({ name, description, value }: ChartValue): string {
  return `\n${description.replace(/^/gm, '# ')}\n${helmValues({ [name]: value })}`;
}

function schemaOf(head: string, values: readonly ChartValue[]): object {
  const properties = values.map(({ name, description, schema }) => [name, { description, ...schema }]);
  const schema = strictObject(Object.fromEntries(properties));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $comment: head.replace(/^# /, ''),
    ...schema,
    // Helm hands it to every chart.
    properties: { global: { type: 'object' }, ...schema.properties },
  };
}

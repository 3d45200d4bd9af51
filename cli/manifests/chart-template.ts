import type { KubernetesObject } from '../../src/synthesized/kubernetes-object';
import { yamlOf } from './plain-yaml';

/** Where a chart's template has an expression, and how what it answers is written. */
type Written =
  /** In quotes. */
  | 'text'
  | 'number'
  /** As the YAML of a map. */
  | 'map'
  /** As the YAML of a map, and its key left out where the map is empty. */
  | 'map if any';

/** An expression of Helm's in the place of a value, until `chartTemplate` writes it. */
export function mark(as: Written, expression: string): string {
  return `MARK-${Buffer.from(JSON.stringify({ as, expression })).toString('hex')}-MARK`;
}

/** A part of a text, which becomes an expression of Helm's. */
export function markInText(expression: string): string {
  return `PART-${Buffer.from(expression).toString('hex')}-PART`;
}

/**
 * A template that renders the objects, with marks as expressions; anything else that looks like one is text.
 *
 * @throws Error where a mark is no value of a key
 */
export function chartTemplate(objects: readonly KubernetesObject[]): string {
  const text = yamlOf(objects)
    .replaceAll('{{', '{{ "{{" }}')
    .replace(/^( *(?:- )?)(\S+): MARK-([0-9a-f]+)-MARK$/gm, (_, before: string, key: string, hex: string) => {
      const { as, expression } = JSON.parse(Buffer.from(hex, 'hex').toString()) as { as: Written; expression: string };
      return line(before, key, as, expression);
    })
    .replace(/PART-([0-9a-f]+)-PART/g, (_, hex: string) => `{{ ${Buffer.from(hex, 'hex')} }}`);
  const left = /^.*(?:MARK|PART)-[0-9a-f]{8,}.*$/m.exec(text);
  if (left) throw new Error(`the chart can't have an expression of Helm's here: ${left[0].trim()}`);
  return text;
}

function line(before: string, key: string, as: Written, expression: string): string {
  const deeper = before.length + 2;
  switch (as) {
    case 'text':
      return `${before}${key}: {{ ${expression} | quote }}`;
    case 'number':
      return `${before}${key}: {{ ${expression} | int }}`;
    case 'map':
      return `${before}${key}: {{- ${expression} | toYaml | nindent ${deeper} }}`;
    case 'map if any':
      return `${before}{{- with ${expression} }}\n${before}${key}: {{- toYaml . | nindent ${deeper} }}\n${before}{{- end }}`;
  }
}

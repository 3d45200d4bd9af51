import { stripVTControlCharacters } from 'node:util';

/** What Terraform says while it works on one resource. */
export interface ResourceEvent {
  readonly action: 'create' | 'update' | 'delete' | 'read';
  readonly state: 'started' | 'done';
  /** e.g. `aws_vpc.Network_Vpc` */
  readonly address: string;
}

const VERBS: readonly (readonly [RegExp, ResourceEvent['action'], ResourceEvent['state']])[] = [
  [/: Creating\.\.\./, 'create', 'started'],
  [/: Creation complete/, 'create', 'done'],
  [/: Modifying\.\.\./, 'update', 'started'],
  [/: Modifications complete/, 'update', 'done'],
  [/: Destroying\.\.\./, 'delete', 'started'],
  [/: Destruction complete/, 'delete', 'done'],
  [/: Reading\.\.\./, 'read', 'started'],
  [/: Read complete/, 'read', 'done'],
];

/** A line of Terraform's, also with cdktf's stack name and colours in front; undefined when it is about no resource. */
export function parseProgress(line: string): ResourceEvent | undefined {
  const text = stripVTControlCharacters(line);
  for (const [pattern, action, state] of VERBS) {
    const at = pattern.exec(text)?.index;
    const address = at === undefined ? undefined : /(\S+)$/.exec(text.slice(0, at))?.[1];
    if (address) return { action, state, address };
  }
  return undefined;
}

/** Terraform's error blocks in full, without the frames and cdktf's prefixes; the last lines when there are none. */
export function errorText(output: string, stack: string): string {
  const lines = output.split('\n').map((line) => {
    const text = stripVTControlCharacters(line).trimEnd();
    return text.replace(new RegExp(`^\\s*${stack}\\s+`), '').replace(/^[│╷╵]\s?/, '');
  });
  const blocks: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    if (!lines[i]?.startsWith('Error:')) continue;
    const end = lines.findIndex(
      (line, k) => k > i && (line.startsWith('Error:') || /^(Warning:|Invoking|Error: )/.test(line)),
    );
    blocks.push(
      lines
        .slice(i, end < 0 ? i + 25 : Math.min(end, i + 25))
        .join('\n')
        .trim(),
    );
  }
  const unique = [...new Set(blocks)];
  return unique.length > 0 ? unique.join('\n\n') : lines.filter(Boolean).slice(-20).join('\n');
}

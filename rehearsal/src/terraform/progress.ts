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

/** A line of Terraform's, also as cdktf prints it, `stack  address (construct): …`; undefined when it is about no resource. */
export function parseProgress(line: string): ResourceEvent | undefined {
  const text = stripVTControlCharacters(line);
  for (const [pattern, action, state] of VERBS) {
    const at = pattern.exec(text)?.index;
    const address = at === undefined ? undefined : /(\S+)(?: \([^()]*\))?$/.exec(text.slice(0, at))?.[1];
    if (address) return { action, state, address };
  }
  return undefined;
}

/** Terraform's errors in full, without the frames that it draws around them; the last lines when there are none. */
export function errorText(output: string): string {
  const lines = output.split('\n').map((line) => stripVTControlCharacters(line).trimEnd());
  const errors: string[] = [];
  let block: string[] | undefined;
  for (const line of lines) {
    if (line.includes('╷')) block = [];
    else if (line.includes('╵') && block) {
      if (block[0]?.startsWith('Error:')) errors.push(block.join('\n').trim());
      block = undefined;
    } else block?.push(line.replace(/^[^│]*│ ?/, ''));
  }
  return errors.length > 0 ? [...new Set(errors)].join('\n\n') : lines.filter(Boolean).slice(-20).join('\n');
}

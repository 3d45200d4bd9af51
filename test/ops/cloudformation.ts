import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';

type Json = Record<string, unknown>;

export interface CloudFormationTemplate {
  readonly Parameters: Record<string, Json>;
  readonly Conditions: Json;
  readonly Resources: Record<string, Json & { Type: string; Properties: Json }>;
  readonly Outputs: Record<string, { Description: string; Value: unknown }>;
}

/** Reads a template, its short forms (`!Ref x`) written out (`{ Ref: x }`). Fails on what is not YAML. */
export function readCloudFormation(file: string): CloudFormationTemplate {
  // Tags that YAML doesn't know are warnings.
  const document = parseDocument(readFileSync(file, 'utf8'), { logLevel: 'error' });
  if (document.errors[0]) throw document.errors[0];
  return writtenOut(document.contents) as CloudFormationTemplate;
}

function writtenOut(node: unknown): unknown {
  const value = plain(node);
  const tag = (node as Node | null)?.tag;
  if (!tag?.startsWith('!')) return value;
  if (tag === '!Ref' || tag === '!Condition') return { [tag.slice(1)]: value };
  return { [`Fn::${tag.slice(1)}`]: tag === '!GetAtt' ? String(value).split('.') : value };
}

function plain(node: unknown): unknown {
  if (isMap(node)) {
    return Object.fromEntries(node.items.map(({ key, value }) => [String(plain(key)), writtenOut(value)]));
  }
  if (isSeq(node)) return node.items.map(writtenOut);
  return isScalar(node) ? node.value : null;
}

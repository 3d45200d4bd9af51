import { createHash } from 'node:crypto';
import type { Filling } from './apply';
import type { Value } from './dynamic-value';
import type { MadeUp } from './profile';
import type { Attribute, CtyType } from './schema';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const pem = (hash: string) => `-----BEGIN STANDIN-----\n${hash}\n-----END STANDIN-----\n`;
const uuid = (hash: string) => hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
const octet = (hash: string, at: number) => Number.parseInt(hash.slice(at, at + 2), 16);

/** The first rule that matches an attribute's name says what its made-up string looks like. */
const STRINGS: readonly (readonly [RegExp, (hash: string) => string])[] = [
  [/^(tenant_id|client_id|object_id|principal_id|uid|uuid|.*_object_id|subscription_id)$/, uuid],
  [/(certificate|ca_cert|_key|key_data|cert_data)(_base64|_data)?$/, (hash) => base64(pem(hash))],
  [/(_pem|openssh)$/, pem],
  [/(^|_)arn$/, (hash) => `arn:aws:standin:us-east-1:000000000000:standin/${hash.slice(0, 12)}`],
  [/base64/, base64],
  [/(cidr|address_prefix|range)s?$/, (hash) => `10.${octet(hash, 0)}.0.0/16`],
  [/(^|_)ip(_address|v4)?(es)?$|_ips$|^ip_addresses$/, (hash) => `10.${octet(hash, 0)}.${octet(hash, 2)}.4`],
  [/(^|_)(url|endpoint|uri)$|^host$/, (hash) => `https://${hash.slice(0, 12)}.standin.invalid:443`],
  [/fqdn|hostname|(^|_)host$|domain/, (hash) => `${hash.slice(0, 12)}.standin.invalid`],
  [/(_raw|yaml)$/, () => 'apiVersion: v1\nkind: Config\n'],
  [/json$/, () => '{}'],
  [/(_at|_time|timestamp|rfc3339|expiry|_date)$/, () => '2000-01-01T00:00:00Z'],
  [/version$/, () => '1.0.0'],
];

/** 24 bytes that are base64 of ASCII themselves, so that base64decode() of an attribute no one foresaw works. */
const otherwise = (hash: string) => base64(`standin-${hash.slice(0, 16)}`);

/** A value of the attribute's type, made up from the resource's planned value and the attribute's path. */
export function madeUpValue(attribute: Attribute, how: Filling, path: readonly string[]): Value {
  if (attribute.writeOnly) return null;
  const { nested } = attribute;
  if (!nested) return ofType(attribute.type as CtyType, how, path);
  if (nested.nesting === 'MAP') return {};
  const one = Object.fromEntries(nested.attributes.map((a) => [a.name, madeUpValue(a, how, [...path, a.name])]));
  return nested.nesting === 'SINGLE' ? one : [one];
}

function ofType(type: CtyType, how: Filling, path: readonly string[]): Value {
  const made = madeUp(how, path);
  const special = how.profile.values?.[`${how.type}.${made.path.join('.')}`];
  if (special) return special(made);
  if (type === 'string') return ofString(made, how);
  if (type === 'number') return made.path.at(-1)?.endsWith('port') ? 443 : 1;
  if (type === 'bool') return false;
  if (type === 'dynamic') return [Buffer.from('["object",{}]'), {}];
  if (type[0] === 'map') return {};
  if (type[0] === 'object')
    return Object.fromEntries(Object.entries(type[1]).map(([name, t]) => [name, ofType(t, how, [...path, name])]));
  if (type[0] === 'tuple') return type[1].map((t, i) => ofType(t, how, [...path, String(i)]));
  return type[1] === 'dynamic' ? [] : [ofType(type[1], how, [...path, '0'])];
}

function madeUp(how: Filling, path: readonly string[]): MadeUp {
  const hash = createHash('sha256')
    .update([how.type, how.seed, path.join('.')].join('\0'))
    .digest('hex');
  return { type: how.type, value: how.value, path: path.filter((part) => part !== '' && !/^\d+$/.test(part)), hash };
}

function ofString(made: MadeUp, how: Filling): string {
  const name = made.path.at(-1) ?? '';
  const id = () => how.profile.id?.(made) ?? made.hash.slice(0, 20);
  if (name === 'id' && made.path.length === 1) return id();
  const rule = STRINGS.find(([pattern]) => pattern.test(name));
  if (rule) return rule[1](made.hash);
  return name.endsWith('_id') ? id() : otherwise(made.hash);
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlPlane, kubeconformProgram, startControlPlane } from '@cdktf-recommender/rehearsal';
import { documents, inFolder } from './manifest-objects';
import { installKindsOf } from './operators-crds';

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
}

interface Verdict {
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  readonly msg: string;
}

const ROOT = join(__dirname, '../../..');
const FOLDERS = ['manifests', 'monitoring'];

let controlPlane: ControlPlane;
let program: string;
let schemas: string;
beforeAll(async () => {
  const onProgress = (line: string) => console.error(line);
  program = await kubeconformProgram({ onProgress });
  controlPlane = await startControlPlane({ onProgress });
  await installKindsOf(controlPlane, 'prometheusOperator');
  schemas = mkdtempSync(join(tmpdir(), 'kubeconform-'));
  const wanted = FOLDERS.flatMap(inFolder).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  await writeSchemas([...new Set(wanted)]);
}, 1_800_000);
afterAll(async () => {
  await controlPlane?.stop();
  rmSync(schemas, { recursive: true, force: true });
});

/** The API server's own schemas, a file for each kind, as kubeconform looks for them. It serves new kinds a little late. */
async function writeSchemas(kinds: readonly string[]): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const { definitions } = (await controlPlane.get('/openapi/v2')) as { definitions: Record<string, Schema> };
    const found = Object.entries(definitions).flatMap(([name, schema]) =>
      (schema['x-kubernetes-group-version-kind'] ?? []).map((kind) => ({ name, ...kind })),
    );
    const files = kinds.map((wanted) =>
      found.find(({ group, version, kind }) => `${group ? `${group}/` : ''}${version} ${kind}` === wanted),
    );
    if (files.includes(undefined) && Date.now() < end) continue;
    const strict = Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, closed(schema)]));
    for (const [index, file] of files.entries()) {
      if (!file) throw new Error(`the API server has no schema of ${kinds[index]}`);
      const suffix = [file.group.split('.')[0], file.version].filter(Boolean).join('-');
      const schema = { $ref: `#/definitions/${file.name}`, definitions: strict };
      writeFileSync(join(schemas, `${file.kind.toLowerCase()}-${suffix}.json`), JSON.stringify(schema));
    }
    return;
  }
}

/** Without what OpenAPI leaves open: fields that are not named, and numbers in the place of words. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Schema;
  if (schema.format === 'int-or-string') return { type: ['string', 'integer'] };
  const inner = Object.fromEntries(Object.entries(schema).map(([key, one]) => [key, closed(one)]));
  const open = schema.additionalProperties ?? schema['x-kubernetes-preserve-unknown-fields'];
  const isObject = typeof schema.properties === 'object' && (schema.type === 'object' || schema.type === undefined);
  return isObject && !open ? { ...inner, additionalProperties: false } : inner;
}

function judge(text: string): Verdict[] {
  const location = `${schemas}/{{.ResourceKind}}{{.KindSuffix}}.json`;
  const flags = ['-strict', '-verbose', '-output', 'json', '-schema-location', location, '-'];
  const { stdout, stderr } = spawnSync(program, flags, { input: text, encoding: 'utf8' });
  const { resources }: { resources: Verdict[] } = JSON.parse(
    stdout || JSON.stringify({ resources: [{ msg: stderr }] }),
  );
  // What is before the first document, a comment, is one without anything.
  return resources.filter(({ kind, msg }) => kind !== '' || msg !== '');
}

const filesOf = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name));

test.each(FOLDERS.flatMap(filesOf))('%s is valid, strictly', (file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const verdicts = judge(text);
  expect(verdicts.filter(({ status }) => status !== 'statusValid')).toEqual([]);
  expect(verdicts).toHaveLength(documents(text).length);
});

test('a field that a kind does not have is refused, and so is a wrong type', () => {
  const service = (spec: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: shop }\nspec: { ${spec} }\n`;
  const statusOf = (spec: string) => judge(service(spec)).map(({ status, msg }) => [status, msg]);
  expect(statusOf('clusterIP: None')).toEqual([['statusValid', '']]);
  expect(statusOf('clusterIp: None')).toEqual([['statusInvalid', expect.stringContaining("'clusterIp' not allowed")]]);
  expect(statusOf('clusterIP: 7')).toEqual([['statusInvalid', expect.stringContaining('want string')]]);
});

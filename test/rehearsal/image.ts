import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { carryOut, type Image } from './dockerfile-steps';

const REPOSITORY = join(__dirname, '../..');

export interface BuildImageOptions {
  /** From the repository's root. */
  readonly dockerfile: string;
  /** The file that keeps out of the context what it doesn't name, from the root. @default - the Dockerfile's own */
  readonly ignoreFile?: string;
  /** Empty folder to build in. */
  readonly directory: string;
  /** What of the context is not in the repository, by its path: it is made in the folder that it is given. @default {} */
  readonly made?: Readonly<Record<string, (folder: string) => Promise<void>>>;
}

/** Builds an image of this repository's in a folder, from what its ignore file lets in. */
export async function buildImage({ dockerfile, directory, made = {}, ...options }: BuildImageOptions): Promise<Image> {
  const { ignoreFile = `${dockerfile}.dockerignore` } = options;
  // The image's user has to get at its files.
  chmodSync(directory, 0o755);
  const [context, scratch] = ['context', 'scratch'].map((name) => join(directory, name)) as [string, string];
  mkdirSync(scratch);
  for (const path of allowedBy(ignoreFile)) {
    const make = made[path] ?? (async (target) => cpSync(join(REPOSITORY, path), target, { recursive: true }));
    await make(join(context, path));
  }
  return carryOut({ dockerfile: join(REPOSITORY, dockerfile), context, scratch });
}

/** What an ignore file lets in, which shuts everything out first. */
function allowedBy(ignoreFile: string): string[] {
  const lines = readFileSync(join(REPOSITORY, ignoreFile), 'utf8').split('\n');
  const [first, ...rest] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  expect(first).toBe('*');
  return rest.map((line) => {
    expect(line).toMatch(/^![\w./-]+$/);
    return line.slice(1);
  });
}

/** The digest of Node's image that a Dockerfile's stages are based on; fails where a stage has another base. */
export function nodeDigestOf(dockerfile: string): string {
  const parsed = DockerfileParser.parse(readFileSync(join(REPOSITORY, dockerfile), 'utf8'));
  const stages = parsed.getFROMs().map((from) => from.getBuildStage());
  const bases = parsed.getFROMs().map((from) => from.getImage());
  expect(bases.filter((base) => !stages.includes(base))).toEqual(
    Array(2).fill(`node:24-bookworm-slim@\${NODE_DIGEST}`),
  );
  const [digest, ...others] = parsed.getInitialARGs().map((argument) => argument.getRawArgumentsContent() ?? '');
  expect(others).toEqual([]);
  expect(digest).toMatch(/^NODE_DIGEST=sha256:[0-9a-f]{64}$/);
  return digest?.slice('NODE_DIGEST='.length) ?? '';
}

/** Fails where an image has ONNX's library for another platform, or what only builds or tests. */
export function expectRuntimeOnly(image: Image): void {
  const modules = join(image.root, 'app/node_modules');
  const libraries = readdirSync(join(modules, 'onnxruntime-node/bin/napi-v6'), { recursive: true })
    .map(String)
    .filter((path) => /\.(node|dll|dylib|so)/.test(path));
  expect(libraries).not.toEqual([]);
  expect(libraries.filter((path) => !path.startsWith(`linux/${process.arch}/`))).toEqual([]);
  for (const name of ['typescript', 'cdktf', 'jest', '@types', '@biomejs']) {
    expect([name, existsSync(join(modules, name))]).toEqual([name, false]);
  }
}

/** The size of a folder of an image. */
export function megabytes(image: Image, path: string): number {
  return Number(execFileSync('du', ['-sm', join(image.root, path)], { encoding: 'utf8' }).split('\t')[0]);
}

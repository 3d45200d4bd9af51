import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Copy, DockerfileParser, type Instruction } from 'dockerfile-ast';

export interface Image {
  /** The folder that stands for the image's `/`. */
  root: string;
  workdir: string;
  /** As the image sets it, but with the paths of this machine. */
  environment: Record<string, string>;
  user: string | undefined;
  entryPoint: string[];
  command: string[];
}

interface BuildOptions {
  dockerfile: string;
  /** Build context: a folder with only what `.dockerignore` lets through. */
  context: string;
  /** Empty folder that the stages' folders are made in. */
  scratch: string;
}

/**
 * Carries out a Dockerfile's steps in folders, where no Docker is: each stage is a folder that stands for `/`, each RUN
 * runs in its working directory on this machine, with this machine's Node in the place of the base image's.
 *
 * @returns the last stage
 */
export function carryOut({ dockerfile, context, scratch }: BuildOptions): Image {
  const stages = new Map<string, Image>();
  let image: Image | undefined;
  for (const instruction of DockerfileParser.parse(readFileSync(dockerfile, 'utf8')).getInstructions()) {
    const keyword = instruction.getKeyword();
    const words = instruction.getExpandedArguments().map((argument) => argument.getValue());
    if (keyword === 'FROM') {
      image = begin(stages.get(words[0] as string), join(scratch, `stage-${stages.size}`));
      stages.set(words[2] ?? `stage-${stages.size}`, image);
    } else if (image) {
      step(image, instruction, words, { context, stages });
    }
  }
  if (!image) throw new Error(`${dockerfile} has no FROM`);
  return image;
}

function begin(parent: Image | undefined, root: string): Image {
  mkdirSync(root);
  if (!parent) return { root, workdir: '/', environment: {}, user: undefined, entryPoint: [], command: [] };
  cpSync(parent.root, root, { recursive: true, verbatimSymlinks: true });
  return { ...parent, root, environment: { ...parent.environment } };
}

function step(
  image: Image,
  instruction: Instruction,
  words: string[],
  sources: { context: string; stages: Map<string, Image> },
): void {
  const [first = ''] = words;
  const text = instruction.getRawArgumentsContent() ?? '';
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      image.workdir = first;
      mkdirSync(join(image.root, first), { recursive: true });
      break;
    case 'ENV': {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(first) ?? [];
      image.environment[name] = value.startsWith('/') ? join(image.root, value) : value;
      break;
    }
    case 'RUN':
      execFileSync('sh', ['-ec', text], {
        cwd: join(image.root, image.workdir),
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      break;
    case 'COPY':
      copy(image, instruction as Copy, words, sources);
      break;
    case 'USER':
      image.user = first;
      break;
    case 'ENTRYPOINT':
      image.entryPoint = JSON.parse(text);
      break;
    case 'CMD':
      image.command = JSON.parse(text);
      break;
    case 'ARG':
    case 'EXPOSE':
    case 'LABEL':
    case 'VOLUME':
      break;
    default:
      throw new Error(`this test doesn't know ${instruction.getKeyword()}`);
  }
}

function copy(
  image: Image,
  instruction: Copy,
  words: string[],
  { context, stages }: { context: string; stages: Map<string, Image> },
): void {
  const flags = new Map(instruction.getFlags().map((flag) => [flag.getName(), flag.getValue() ?? '']));
  const from = flags.get('from');
  const base = from === undefined ? context : stages.get(from)?.root;
  if (base === undefined) throw new Error(`COPY --from=${from}: there is no such stage`);
  const destination = words.at(-1) as string;
  const target = join(image.root, destination.startsWith('/') ? '' : image.workdir, destination);
  for (const source of words.slice(0, -1)) {
    const path = join(base, source);
    if (!existsSync(path)) throw new Error(`COPY ${source}: it is not in ${from ?? 'the build context'}`);
    // The contents of a folder, but a file with its name.
    const into = statSync(path).isFile() && destination.endsWith('/') ? join(target, basename(source)) : target;
    cpSync(path, into, { recursive: true, verbatimSymlinks: true });
  }
  const owner = flags.get('chown');
  if (owner && process.getuid?.() === 0) execFileSync('chown', ['-R', owner, target]);
}

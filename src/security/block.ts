/** Whether a value is, or has in it, what is known once it is deployed only: `${aws_vpc.Network.id}`. */
export function isUnknown(value: unknown): boolean {
  return typeof value === 'string' && value.includes('${');
}

/** A value as text; empty where it is none, or a block. */
export function textOf(value: unknown): string {
  return typeof value === 'object' || value === undefined ? '' : String(value);
}

/**
 * A block of arguments with references followed, or an object of a cluster. Blocks that come once may be written as an
 * object or as a list of one; a dynamic block is what it repeats.
 */
export class Block {
  constructor(readonly fields: unknown) {}

  /** The value at `vpc_config.subnet_ids`, of the first block where there are several; undefined where there is none. */
  get(path: string): unknown {
    return path.split('.').reduce<unknown>((parent, name) => childOf(first(parent), name), this.fields) ?? undefined;
  }

  /** The value at a path as text; empty where there is none, or a block. */
  text(path: string): string {
    return textOf(this.get(path));
  }

  /** All blocks at `container.port`, each of each. */
  all(path: string): Block[] {
    const blocks = path
      .split('.')
      .reduce<unknown[]>(
        (parents, name) => parents.flatMap((parent) => listOf(childOf(parent, name))),
        listOf(this.fields),
      );
    return blocks.map((fields) => new Block(fields));
  }

  /** The values at a path, in one list. */
  list(path: string): unknown[] {
    return listOf(this.get(path));
  }

  /** The values at a path as texts, in one list. */
  texts(path: string): string[] {
    return this.list(path).map(textOf);
  }

  /** Whether there is a value, known or not; an empty text or list is none. */
  has(path: string): boolean {
    const value = this.get(path);
    return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
  }

  isUnknown(path: string): boolean {
    return this.list(path).some(isUnknown);
  }

  /** Whether it is on, as far as that is known. */
  isOn(path: string): boolean {
    const value = this.get(path);
    return value === true || value === 'true' || isUnknown(value);
  }

  /** Whether it is said to be off, or not said and off by default. */
  isOff(path: string, byDefault: boolean): boolean {
    return byDefault ? this.get(path) === false || this.get(path) === 'false' : !this.isOn(path);
  }

  /** Its value as a number; undefined where it isn't known. */
  number(path: string): number | undefined {
    const value = this.get(path);
    const number = isUnknown(value) || textOf(value) === '' ? Number.NaN : Number(textOf(value));
    return Number.isNaN(number) ? undefined : number;
  }
}

function childOf(parent: unknown, name: string): unknown {
  if (typeof parent !== 'object' || parent === null) return isUnknown(parent) ? parent : undefined;
  const child: unknown = Reflect.get(parent, name);
  return child ?? dynamicBlock(parent, name);
}

/** cdktf writes blocks of an iterator as `dynamic: { ingress: { for_each, content } }`. */
function dynamicBlock(parent: object, name: string): unknown {
  const dynamic = first(Reflect.get(first(Reflect.get(parent, 'dynamic')) ?? {}, name));
  return typeof dynamic === 'object' && dynamic !== null ? first(Reflect.get(dynamic, 'content')) : undefined;
}

const first = (value: unknown): object | undefined => (Array.isArray(value) ? value[0] : (value as object | undefined));

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.filter((one) => one !== undefined && one !== null);
  return value === undefined || value === null ? [] : [value];
}

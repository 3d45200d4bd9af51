import type { CapacityPlan, Config, ContainerSizes, OwnContainerSize, ReplicaSize, SizedContainer } from '../../src';
import { SizesConfig } from '../../src/config/workload-config';
import { type ContainerUsage, type RecommendedSize, recommendedSize } from '../../src/sizing/recommended-size';
import { settingOf } from './setting';

/** What a container is to request, and where the config says so. */
export interface Advice {
  readonly usage: ContainerUsage;
  readonly recommended: RecommendedSize;
  /** Absent for what the config doesn't size. */
  readonly setting?: SizedContainer;
}

/** A cache is as large as its memory lets it be, and a heap is a share of it. */
const FILLS_MEMORY: readonly (SizedContainer | undefined)[] = ['valkey', 'elasticsearch'];

/** Those whose requests cost most first. */
export function adviceOn(containers: readonly ContainerUsage[], capacity: CapacityPlan): Advice[] {
  const all = containers.map((usage): Advice => {
    const setting = settingOf(usage);
    const recommended = recommendedSize(usage, {
      leastCpuMillis: setting === 'modelServer' ? capacity.leastCpuMillis : 0,
      fillsMemory: FILLS_MEMORY.includes(setting),
    });
    return { usage, recommended, ...(setting && { setting }) };
  });
  const asked = ({ usage: { pods, requested } }: Advice) =>
    pods * ((requested.cpuMillis ?? 0) / 1000 + (requested.memoryMib ?? 0) / 4096);
  return all.sort((a, b) => asked(b) - asked(a) || a.usage.container.localeCompare(b.usage.container));
}

/** How much less a pod requests; less than nothing where it requests more. */
export function lessOf({ usage, recommended }: Advice, what: keyof ReplicaSize): number {
  return (usage.requested[what] ?? 0) - (recommended[what] ?? 0);
}

/**
 * The config's sizes with what is advised in place of what it has. Containers of one setting that want different sizes
 * get the largest.
 *
 * @returns undefined where nothing changes
 */
export function advisedSizes(advice: readonly Advice[], sizes: ContainerSizes): ContainerSizes | undefined {
  const settings = [...new Set(advice.flatMap(({ setting }) => setting ?? []))].sort();
  const changes = settings.flatMap((setting) => {
    const own = advice.filter((one) => one.setting === setting);
    const change: OwnContainerSize = { ...largest(own, 'cpuMillis'), ...largest(own, 'memoryMib') };
    return Object.keys(change).length > 0 ? [[setting, { ...sizes[setting], ...change }] as const] : [];
  });
  return changes.length > 0 ? SizesConfig.parse({ ...sizes, ...Object.fromEntries(changes) }) : undefined;
}

function largest(advice: readonly Advice[], what: keyof ReplicaSize): OwnContainerSize {
  if (!advice.some(({ usage, recommended }) => recommended[what] !== usage.requested[what])) return {};
  return { [what]: Math.max(...advice.map(({ recommended }) => recommended[what] ?? 0)) };
}

/** The config with other sizes in an environment, or in `local`. */
export function withSizes(config: Config, name: string, sizes: ContainerSizes): Config {
  if (name === 'local') return { ...config, local: config.local && { ...config.local, sizes } };
  const environments = { ...config.environments, [name]: { ...environmentOf(config, name), sizes } };
  return { ...config, environments } as Config;
}

/** What the config has in an environment, or in `local`. */
export function sizesOf(config: Config, name: string): ContainerSizes {
  return (name === 'local' ? config.local : environmentOf(config, name))?.sizes ?? {};
}

const environmentOf = ({ environments }: Config, name: string) => environments[name as keyof typeof environments];

/** As JSON, which a config in TypeScript and in YAML takes as it is. A line for each container. */
export function patchText(name: string, sizes: ContainerSizes): string {
  const lines = Object.entries(sizes).map(([container, size]) => `"${container}": ${spaced(size)}`);
  const within = name === 'local' ? ['"local"'] : ['"environments"', `"${name}"`];
  const opening = within.map((key) => `${key}: {`);
  const closing = within.map(() => '}').join(' ');
  return `{ ${opening.join(' ')} "sizes": {\n${lines.map((line) => `  ${line}`).join(',\n')}\n} ${closing} }\n`;
}

const spaced = (size: OwnContainerSize) =>
  `{ ${Object.entries(size)
    .map(([key, value]) => `"${key}": ${value}`)
    .join(', ')} }`;

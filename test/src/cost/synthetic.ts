import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';

type Blocks = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** A stack of a project that isn't ours. */
export function foreignStack(resource: Blocks, provider: object = { aws: [{ region: 'us-east-1' }] }, name = 'shop') {
  return new SynthesizedStack(name, { provider, resource } as never);
}

import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { synthesizeConstructs } from '../../helpers/synth';
import { areaOf } from './all-areas';
import type { AreaOptions } from './area';

export type Resources = Readonly<
  Record<string, Readonly<Record<string, { lifecycle?: { prevent_destroy?: boolean } }>>>
>;

/** What an area synthesizes to, by type and logical id. */
export function areaResources(name: string, options: AreaOptions): Resources {
  const { json } = synthesizeConstructs((stack) => {
    new AwsProvider(stack, 'Aws', { region: 'us-east-1' });
    areaOf(name).build(stack, options);
  });
  return json.resource as Resources;
}

import type { ControlPlane } from './control-plane';
import { apply, succeed } from './kubectl';

const ESTABLISHED_SECONDS = 60;

/** A kind of object, by what its objects say. */
export interface KindName {
  /** `cert-manager.io/v1` */
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * Gives a cluster the kinds of files with CustomResourceDefinitions, and waits until it serves them.
 *
 * @param files paths of YAML or JSON, or of folders with such
 * @returns the definitions' names: `canaries.flagger.app`
 * @throws RehearsalError with what the API server said
 */
export async function installCrds(controlPlane: ControlPlane, files: readonly string[]): Promise<string[]> {
  const given = files.flatMap((file) => ['-f', file]);
  // As their operators' charts do: some definitions are larger than the annotation that a client-side apply writes.
  const applied = await succeed(controlPlane, 'apply', '--server-side', '--validate=strict', ...given);
  return established(controlPlane, applied.split('\n'));
}

/** The same with definitions at hand. */
export async function installDefinitions(
  controlPlane: ControlPlane,
  definitions: readonly object[],
): Promise<string[]> {
  return established(controlPlane, await apply(controlPlane, definitions));
}

/** The kinds that definitions bring, in every version that is served. */
export async function definedKinds(controlPlane: ControlPlane, names: readonly string[]): Promise<KindName[]> {
  const version = '{range .spec.versions[?(@.served==true)]}{.name},{end}';
  const line = `{range .items[*]}{.spec.names.kind} {.spec.group} ${version}{"\\n"}{end}`;
  // With one name alone, the answer would be no list.
  const all = await succeed(controlPlane, 'get', 'crd', '-o', `jsonpath=${line}`);
  const wanted = new Set(names.map((name) => name.slice(name.indexOf('.') + 1)));
  return all
    .trim()
    .split('\n')
    .map((text) => text.split(' '))
    .filter(([, group = '']) => wanted.has(group))
    .flatMap(([kind = '', group = '', versions = '']) =>
      versions
        .split(',')
        .filter(Boolean)
        .map((version) => ({ apiVersion: `${group}/${version}`, kind })),
    );
}

/** Waits for the definitions among what was applied. @returns their names */
async function established(controlPlane: ControlPlane, applied: readonly string[]): Promise<string[]> {
  const names = applied.flatMap(
    (line) => /^customresourcedefinition\.apiextensions\.k8s\.io\/(\S+)/.exec(line)?.[1] ?? [],
  );
  const crds = names.map((name) => `crd/${name}`);
  const waited = async (what: string) =>
    succeed(controlPlane, 'wait', `--for=${what}`, `--timeout=${ESTABLISHED_SECONDS}s`, ...crds);
  // A wait for a condition fails while a large definition has no conditions at all.
  await waited('jsonpath={.status.conditions}');
  await waited('condition=Established');
  return names;
}

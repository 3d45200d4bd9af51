import { hasKind, kubernetesObject } from '../synthesized/kubernetes-object';
import type { Fields } from '../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import { Block, textOf } from './block';

/** Objects of a stack's cluster, each with the construct that declares it, and what couldn't be read as one. */
export interface ClusterObjects {
  /** With their kind for a type, and the API's names of the fields. */
  readonly objects: readonly SynthesizedResource[];
  readonly unread: readonly { readonly resource: SynthesizedResource; readonly cause: string }[];
}

/** Reads Terraform's resources of Kubernetes' API, manifests, and the objects that a chart has among its values. */
export function clusterObjects(stack: SynthesizedStack): ClusterObjects {
  const objects: SynthesizedResource[] = [];
  const unread: { resource: SynthesizedResource; cause: string }[] = [];
  // Of what a controller makes, no more is told than guards of figures need.
  for (const resource of stack.resources.filter(({ madeBy }) => madeBy === undefined)) {
    try {
      for (const object of objectsOf(resource, stack)) {
        objects.push({ ...resource, type: textOf(object.kind), block: object });
      }
    } catch (error) {
      unread.push({ resource, cause: (error as Error).message });
    }
  }
  return { objects, unread };
}

function objectsOf({ type, block }: SynthesizedResource, stack: SynthesizedStack): Fields[] {
  if (type === 'helm_release') return objectsOfRelease(new Block(stack.known(block)), stack);
  if (type === 'kubernetes_manifest')
    return new Block(stack.known(block)).all('manifest').map(fieldsOf).filter(isObject);
  // The provider has most types by an older name, too.
  const versioned = hasKind(type) ? type : `${type.replace('daemonset', 'daemon_set')}_v1`;
  return hasKind(versioned) ? [kubernetesObject(versioned, stack.known(block) as Fields)] : [];
}

/** Those that our own charts are given. Values of somebody else's are that chart's affair. */
function objectsOfRelease(release: Block, stack: SynthesizedStack): Fields[] {
  return release
    .list('values')
    .filter((values) => typeof values === 'string' && /^objects:/m.test(values))
    .flatMap((values) => new Block(stack.yaml(textOf(values))).all('objects').map(fieldsOf))
    .filter(isObject)
    .map((object) => ({
      ...object,
      metadata: { namespace: release.get('namespace'), ...(object.metadata as Fields) },
    }));
}

const fieldsOf = ({ fields }: Block) => fields as Fields;
const isObject = (fields: Fields) => typeof fields === 'object' && typeof fields.kind === 'string';

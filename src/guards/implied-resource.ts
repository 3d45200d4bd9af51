import type { IConstruct } from 'constructs';
import type { Fields } from '../synthesized/stack-json';
import type { SynthesizedResource } from '../synthesized/synthesized-stack';

const KEY = 'cdktf-recommender/implied-resource';

/** What is there because of a construct although no resource of the stack declares it. */
export interface ImpliedResource {
  /** Terraform's name of its type: `aws_lb`. */
  readonly type: string;
  /** Its arguments, as far as they matter. */
  readonly block: Fields;
  /** Who makes it: `Envoy Gateway`. */
  readonly madeBy: string;
}

/** Tells guards and reports of a resource that a controller makes. Nothing is synthesized for it. */
export function implyResource(scope: IConstruct, resource: ImpliedResource): void {
  scope.node.addMetadata(KEY, resource);
}

/** All that constructs of a tree imply. */
export function impliedResources(root: IConstruct): SynthesizedResource[] {
  return root.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === KEY)
      .map(({ data }, index) => ({
        ...(data as ImpliedResource),
        address: `${node.path}#${(data as ImpliedResource).type}${index}`,
        path: node.path,
      })),
  );
}

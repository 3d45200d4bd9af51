import type { IConstruct } from 'constructs';

const KEY = 'cdktf-recommender/kept-for-good';

/**
 * Says that what a construct stores is meant to stay, and why that is no danger: `BoundedStateGuard` wants a retention or
 * a size of everything else.
 *
 * @param reason why, and how much that comes to: `a version is about 20 MB, and one is made a week`
 */
export function keepForGood(scope: IConstruct, reason: string): void {
  scope.node.addMetadata(KEY, reason);
}

/** Of a model store, on either cloud. 13 MB is the model of the trainer's README, of 4,000 items. */
export const MODEL_VERSIONS_STAY =
  'what served once can be served again; a version of 4,000 items has 13 MB, so one a day comes to 5 GB a year';

/** Reasons by the path of the construct. */
export function keptForGood(root: IConstruct): ReadonlyMap<string, string> {
  return new Map(
    root.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => type === KEY)
          .map(({ data }): [string, string] => [node.path, data as string]),
      ),
  );
}

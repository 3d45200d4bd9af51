import type { Construct } from 'constructs';
import { Valkey } from '../constructs/kubernetes/cache/valkey';
import { ValkeyData } from '../constructs/kubernetes/cache/valkey-data';
import type { ModelServerCaches } from '../constructs/kubernetes/model-server-secrets';
import type { RecommenderNamespace } from '../constructs/kubernetes/recommender-namespace';
import type { WorkloadsProps } from './workloads';

interface SharedCachesProps extends Pick<WorkloadsProps, 'cluster' | 'cache' | 'choices' | 'protection'> {
  readonly namespace: RecommenderNamespace;
}

/** Where each thing that replicas share is kept; the counts of requests are where the histories are. */
export function sharedCaches(
  stack: Construct,
  { cluster, cache, choices, protection, namespace }: SharedCachesProps,
): ModelServerCaches {
  const given = choices.caches.length > 0 ? cache?.(namespace) : undefined;
  const data = { histories: () => ValkeyData.histories({ protection }), answers: () => ValkeyData.answers() };
  const id = { histories: 'Histories', answers: 'Answers' };
  const kept = choices.caches.map((what) => [
    what,
    given ?? new Valkey(stack, id[what], { cluster, namespace, data: data[what]() }),
  ]);
  const caches: ModelServerCaches = Object.fromEntries(kept);
  return { ...caches, requestCounts: caches.histories };
}

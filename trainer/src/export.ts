import type { ItemCatalogue, ModelFiles, PopularItems } from '@cdktf-recommender/model-registry';
import { distinctCustomers } from './algorithms/popularity';
import type { Purchases } from './data/purchases';
import { recommenderGraph } from './onnx/recommender-graph';
import { POPULAR_WINDOW_DAYS } from './protocol';
import type { RoundedModel } from './rounded-model';

/** The files of a model version. */
export function exportModel(model: RoundedModel, purchases: Purchases, names: readonly string[]): ModelFiles {
  const catalogue: ItemCatalogue = purchases.items.map((id, index) => ({ id, name: names[index] as string }));
  return {
    'model.onnx': Buffer.from(recommenderGraph({ ...model.rounded, items: model.size })),
    'items.json': json(catalogue),
    'popular.json': json(popularItems(purchases)),
  };
}

/** Items that anyone bought in the window, by distinct customers; of equally popular ones the lower index first. */
function popularItems(purchases: Purchases): PopularItems {
  const items = Array.from(distinctCustomers(purchases, POPULAR_WINDOW_DAYS), (customers, index) => ({
    index,
    customers,
  }))
    .filter(({ customers }) => customers > 0)
    .sort((a, b) => b.customers - a.customers || a.index - b.index);
  return { windowDays: POPULAR_WINDOW_DAYS, items };
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

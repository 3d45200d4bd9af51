import { Router } from 'express';
import type { Lifecycle } from '../lifecycle';
import type { ServedModels } from '../model-follower';
import { Problem } from '../problem';
import { allowOnly } from './methods';

/**
 * What those who run the server ask: `/livez` whether the process answers at all, `/startupz` whether it has begun,
 * `/readyz` whether to send it customers now, `/ping` both for SageMaker, which asks for nothing else, and `/v1/model`.
 */
export function operationRoutes(models: ServedModels, lifecycle: Lifecycle): Router {
  const router = Router();
  const noModel = () => models.problem ?? 'no model is loaded yet';
  const ready = () => {
    if (lifecycle.draining) throw new Problem('not-ready', 'draining: the server is shutting down');
    if (!models.current) throw new Problem('not-ready', noModel());
    if (models.failure !== undefined) throw new Problem('not-ready', models.failure);
    return models.current;
  };
  const alive = () => {
    if (models.hang !== undefined) throw new Problem('not-ready', models.hang);
  };

  // True as long as the event loop turns and the model does, so that a server without a model is not restarted in vain.
  router
    .route('/livez')
    .get((_request, response) => {
      alive();
      response.json({ status: 'ok' });
    })
    .all(allowOnly('GET'));

  router
    .route('/startupz')
    .get((_request, response) => {
      if (!lifecycle.hasServed && !models.current) throw new Problem('not-ready', `starting: ${noModel()}`);
      lifecycle.hasServed = true;
      response.json({ status: 'ok' });
    })
    .all(allowOnly('GET'));

  router
    .route('/readyz')
    .get((_request, response) => {
      response.json({ status: 'ok', modelVersion: ready().model.version });
    })
    .all(allowOnly('GET'));

  // Without a body, as SageMaker has it.
  router
    .route('/ping')
    .get((_request, response) => {
      alive();
      ready();
      response.status(200).end();
    })
    .all(allowOnly('GET'));

  router
    .route('/v1/model')
    .get((_request, response) => {
      const { current } = models;
      if (!current) throw new Problem('not-ready', noModel());
      const { model, origin, warmUp, since } = current;
      const { algorithm, weighting, metrics: quality, evaluation, dataset, signature } = model.manifest;
      response.json({
        model: model.name,
        modelVersion: model.version,
        source: origin.source,
        since: new Date(since).toISOString(),
        items: model.items.length,
        algorithm,
        weighting,
        metrics: quality,
        evaluation,
        dataset,
        signature,
        // How fast its runs were before it was let at requests.
        warmUp,
        previousVersion: models.previous ?? null,
        // Why the version that the channel points to is not the one that answers, or what is wrong with it.
        problem: models.problem ?? null,
      });
    })
    .all(allowOnly('GET'));

  return router;
}

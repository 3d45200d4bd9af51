import { Router } from 'express';
import { PROMETHEUS_CONTENT_TYPE } from '../metrics';
import { allowOnly } from './methods';

/** `/metrics`: what Prometheus scrapes. */
export function metricsRoute(metrics: () => Promise<string>): Router {
  const router = Router();
  router
    .route('/metrics')
    .get(async (_request, response) => {
      response.setHeader('Content-Type', PROMETHEUS_CONTENT_TYPE);
      response.end(await metrics());
    })
    .all(allowOnly('GET'));
  return router;
}

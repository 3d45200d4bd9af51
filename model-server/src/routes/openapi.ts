import { hash } from 'node:crypto';
import { Router } from 'express';
import type { OpenApiDocument } from '../openapi/document';
import { allowOnly } from './methods';

/**
 * `/openapi.json`: the contract of this server.
 *
 * @param document asked for once, when somebody first wants it
 */
export function openApiRoute(document: () => OpenApiDocument): Router {
  const router = Router();
  let text: string | undefined;
  let entityTag: string | undefined;
  router
    .route('/openapi.json')
    .get((_request, response) => {
      text ??= JSON.stringify(document());
      entityTag ??= `"${hash('sha256', text, 'base64url')}"`;
      // Kept, but asked for each time: it changes with the server's version and settings.
      response.setHeader('Cache-Control', 'no-cache');
      response.setHeader('ETag', entityTag);
      response.setHeader('X-Content-Type-Options', 'nosniff');
      response.type('application/json').send(text);
    })
    .all(allowOnly('GET'));
  return router;
}

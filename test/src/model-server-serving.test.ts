import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DATA_DIRECTORY,
  DRAIN_SECONDS,
  HEALTH_PATHS,
  HTTP_PORT,
  KEEP_ALIVE_SECONDS,
  SERVER_USER,
  SHUTDOWN_SECONDS,
  STORE_DIRECTORY,
  TERMINATION_GRACE_SECONDS,
  USERS_DIRECTORY,
} from '../../src/model-server/serving';

const ROOT = join(__dirname, '../..');
const DOCKERFILE = readFileSync(join(ROOT, 'model-server/Dockerfile'), 'utf8');
const SERVER = readdirSync(join(ROOT, 'model-server/src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ROOT, 'model-server/src', name), 'utf8'))
  .join('\n');

test('the image has the user, the port and the folders that Terraform knows', () => {
  expect(DOCKERFILE).toContain(`\nUSER ${SERVER_USER}:${SERVER_USER}\n`);
  expect(DOCKERFILE).toContain(`--chown=${SERVER_USER}:${SERVER_USER} /app/data ${DATA_DIRECTORY}/\n`);
  expect(DOCKERFILE).toContain(`\nVOLUME ${DATA_DIRECTORY}\n`);
  expect(DOCKERFILE).toContain(`\nEXPOSE ${HTTP_PORT}\n`);
  expect(DOCKERFILE).toContain(`ENV RECOMMENDER_STORE=${STORE_DIRECTORY}\n`);
  expect(DOCKERFILE).toContain(`ENV RECOMMENDER_USERS=${USERS_DIRECTORY}\n`);
});

test.each(Object.values(HEALTH_PATHS))('the server answers %s', (path) => {
  expect(SERVER).toContain(`'${path}'`);
});

test('it keeps connections as long as load balancers reckon with', () => {
  expect(SERVER).toContain('keepAliveTimeout: 65_000,');
  expect(KEEP_ALIVE_SECONDS).toBe(65);
});

test('it may be killed only after it has drained and shut down by itself', () => {
  expect(TERMINATION_GRACE_SECONDS).toBeGreaterThan(DRAIN_SECONDS + SHUTDOWN_SECONDS);
});

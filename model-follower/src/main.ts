#!/usr/bin/env node
import { openModelRegistry, RegistryError } from '@cdktf-recommender/model-registry';
import pino from 'pino';
import { CanaryTarget } from './canary-target';
import { type FollowerConfig, FollowerConfigError, loadFollowerConfig, settingsHelp } from './config';
import { DeploymentTarget } from './deployment-target';
import { Follower } from './follower';
import { startHealthServer } from './health-server';
import { openKubernetesApi } from './kubernetes-api';
import { Poller } from './poller';
import type { RolloutTarget } from './rollout-target';
import { VersionPin } from './version-pin';

const USAGE = `Brings the version that a channel points to into a cluster, and tells the store how its rollout went.

${settingsHelp()}

Prints a JSON line for each change. The API server is that of KUBECONFIG, else of the cluster it is a pod of. Exit codes:
0 after a signal, 1 when it can't listen, 2 when a setting is not valid.`;

/** Longest wait for a look under way: the next process goes on wherever this one stops. */
const STOP_MS = 5000;

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const config = loadFollowerConfig(process.env);
  const { channel, cluster, store, model, host, port, rolledOutBy, pollSeconds } = config;
  const logger = pino({ level: config.logLevel });
  const registry = await openModelRegistry(store, model);
  const follower = new Follower({ registry, target: openTarget(config), channel, cluster, logger });
  const poller = new Poller({ look: () => follower.look(), seconds: pollSeconds, logger });
  const health = await startHealthServer({ host, port }, { hang: () => poller.hang, unready: () => poller.unready });
  const stop = async () => {
    logger.info('shutting down');
    health.close();
    await Promise.race([poller.stop(), new Promise((resolve) => setTimeout(resolve, STOP_MS))]);
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop()).once('SIGINT', () => void stop());
  logger.info({ store, model, channel, cluster, rolledOutBy, port: health.port }, 'follows');
  poller.start();
}

function openTarget({ namespace, deployment, configMap, rolledOutBy }: FollowerConfig): RolloutTarget {
  const api = openKubernetesApi();
  const pin = new VersionPin(api, { name: configMap, namespace });
  const Target = rolledOutBy === 'flagger' ? CanaryTarget : DeploymentTarget;
  return new Target(api, pin, { name: deployment, namespace });
}

main().catch((error: Error) => {
  const refused = error instanceof RegistryError;
  process.stderr.write(refused ? `error: ${error.message}\nhint: ${error.hint}\n` : `${error.message}\n`);
  process.exit(refused || error instanceof FollowerConfigError ? 2 : 1);
});

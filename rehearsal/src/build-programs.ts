#!/usr/bin/env node
import { collectorProgram } from './collector/server';
import { RehearsalError } from './errors';
import { helmProgram } from './kubernetes/helm';
import { flaggerProgram } from './kubernetes/operators/flagger';
import { type InstallingOptions, kubernetesProgram, kwokProgram } from './kubernetes/programs';
import { amtoolProgram } from './toolchain/amtool';
import { envoyGatewayProgram } from './toolchain/envoy-gateway';
import { k6Program } from './toolchain/k6';
import { kedaPrograms } from './toolchain/keda';
import { kubeScoreProgram } from './toolchain/kube-score';
import { kubeconformProgram } from './toolchain/kubeconform';
import { prometheusPrograms } from './toolchain/prometheus';

/** Every program that Go builds for tests. */
const PROGRAMS: Readonly<Record<string, (options: InstallingOptions) => Promise<unknown>>> = {
  kubernetes: kubernetesProgram,
  kwok: kwokProgram,
  helm: helmProgram,
  prometheus: prometheusPrograms,
  flagger: flaggerProgram,
  'envoy gateway': envoyGatewayProgram,
  keda: kedaPrograms,
  'OpenTelemetry collector': collectorProgram,
  k6: k6Program,
  amtool: amtoolProgram,
  'kube-score': kubeScoreProgram,
  kubeconform: kubeconformProgram,
};

/** Builds them all, one after the other, so that no test measures while a compiler has the machine. */
async function main(): Promise<void> {
  for (const [name, build] of Object.entries(PROGRAMS)) {
    const start = Date.now();
    await build({ onProgress: (line) => process.stderr.write(`${line}\n`) });
    process.stdout.write(`${name.padEnd(24)} ${((Date.now() - start) / 1000).toFixed(0).padStart(4)} s\n`);
  }
}

main().catch((error: Error) => {
  if (!(error instanceof RehearsalError)) throw error;
  process.stderr.write(`error: ${error.message}\n${error.hint ? `hint: ${error.hint}\n` : ''}`);
  process.exitCode = 1;
});

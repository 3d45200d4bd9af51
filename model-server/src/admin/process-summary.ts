import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;

const milliseconds = (nanoseconds: number) => Math.round(nanoseconds / 1e4) / 100;

/** What the process is busy with and what it holds, since the last time it was asked. */
export class ProcessSummary {
  private readonly delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private utilization = performance.eventLoopUtilization();
  private cpu = process.cpuUsage();
  private since = performance.now();

  constructor() {
    this.delay.enable();
  }

  read() {
    const now = performance.now();
    const utilization = performance.eventLoopUtilization();
    const cpu = process.cpuUsage();
    const seconds = (now - this.since) / 1000;
    const summary = {
      node: process.version,
      pid: process.pid,
      uptimeSeconds: Math.round(process.uptime()),
      /** What the figures of the event loop and the processor are over. */
      seconds: Math.round(seconds * 1000) / 1000,
      eventLoop: {
        /** 0 to 1. */
        utilization: performance.eventLoopUtilization(utilization, this.utilization).utilization,
        /** A timer of 10 ms comes so much too late. */
        delayMs: {
          mean: milliseconds(Math.max(0, (this.delay.mean || 0) - RESOLUTION_MS * 1e6)),
          p99: milliseconds(Math.max(0, this.delay.percentile(99) - RESOLUTION_MS * 1e6)),
          max: milliseconds(Math.max(0, this.delay.max - RESOLUTION_MS * 1e6)),
        },
      },
      /** Cores in use, of all threads: 1 is one core. */
      cores: (cpu.user + cpu.system - this.cpu.user - this.cpu.system) / 1e6 / seconds,
      /** Bytes. */
      memory: process.memoryUsage(),
      /** What keeps the event loop alive, by kind. */
      activeResources: countByName(process.getActiveResourcesInfo()),
    };
    this.delay.reset();
    this.utilization = utilization;
    this.cpu = cpu;
    this.since = now;
    return summary;
  }

  close(): void {
    this.delay.disable();
  }
}

function countByName(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

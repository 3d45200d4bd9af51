import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Of the kernel's clock that /proc counts processor time by; 100 a second almost everywhere. */
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** A process and all that it started, and these in turn; the process first. */
export function processTree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => startedBy(`/proc/${pid}/task/${task}`));
  return [pid, ...children.flatMap(processTree)];
}

/** Processes that a thread started; none of one that has ended since it was listed, as those of a pool do. */
export function startedBy(thread: string): number[] {
  try {
    return readFileSync(`${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/**
 * Processor time that a process has used, with all its threads, microseconds, to 10 ms: utime + stime of
 * /proc/<pid>/stat.
 */
export function cpuMicroseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name is in parentheses and may hold spaces; utime and stime are fields 14 and 15 of proc_pid_stat(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / TICKS_PER_SECOND;
}

/**
 * Time that the host of a virtual machine gave to others while these cores had work, since the machine's start,
 * milliseconds, to 10 ms: `steal` of proc_stat(5). Where there is no such host, 0.
 */
export function stolenMilliseconds(cores: readonly number[], stat = readFileSync('/proc/stat', 'utf8')): number {
  const ticks = cores.map((core) => {
    const fields = new RegExp(`^cpu${core} (.*)$`, 'm').exec(stat)?.[1]?.split(' ') ?? [];
    return Number(fields[7] ?? 0);
  });
  return (ticks.reduce((sum, each) => sum + each, 0) * 1000) / TICKS_PER_SECOND;
}

/** Resident memory of a process, bytes. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

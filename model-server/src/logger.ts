import pino, { type Logger } from 'pino';
import { LOG_REDACTION } from './security/log-redaction';

/** Lines are written when there are so many bytes of them, or a quarter of a second is over. */
const BUFFER_BYTES = 8192;
const FLUSH_MS = 250;
/** What waits at most for a disk or a pipe that is slow: some ten thousand lines. */
const MAX_WAITING_BYTES = 4_194_304;

export interface LoggerOptions {
  /** Least level that is logged. */
  readonly level: string;
  /** Called for each line that is dropped because what reads them is too slow. */
  readonly onDrop?: () => void;
  /** File descriptor. @default 1, standard output */
  readonly descriptor?: number;
}

/**
 * The server's log: JSON lines, written in the background so that no request waits for a disk or a pipe. What is
 * buffered is written when the process exits, and at once after a fatal entry.
 */
export function createLogger({ level, onDrop, descriptor = 1 }: LoggerOptions): Logger {
  const destination = pino.destination({
    dest: descriptor,
    sync: false,
    minLength: BUFFER_BYTES,
    periodicFlush: FLUSH_MS,
    maxLength: MAX_WAITING_BYTES,
  });
  if (onDrop) destination.on('drop', onDrop);
  return pino({ level, redact: LOG_REDACTION }, destination);
}

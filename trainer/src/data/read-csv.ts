import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, type Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type CsvError, parse } from 'csv-parse';
import { DataError } from '../errors';
import { COLUMNS } from './transaction';

/** Longest line in bytes; an unclosed quote would otherwise swallow the rest of the file. */
const MAX_LINE_BYTES = 10_000;

export interface CsvHandlers {
  /** @param line the record's last line in the file, from 1, the header's line */
  onRecord(record: string[], line: number): void;
  /** A line that is not CSV, such as one with a stray quote. */
  onSyntaxError(problem: string, line: number): void;
}

/**
 * Streams a CSV file with the Online Retail header, plain or gzipped (told by its content, not by its name).
 *
 * @returns the SHA-256 of the file as it is on disk
 * @throws DataError when the file can't be read, is cut short, or has another header
 */
export async function readCsv(path: string, { onRecord, onSyntaxError }: CsvHandlers): Promise<string> {
  const hash = createHash('sha256');
  let header: string[] | undefined;
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_records_with_error: true,
    skip_empty_lines: true,
    max_record_size: MAX_LINE_BYTES,
    on_record: (record: string[], { lines }) => {
      if (header) onRecord(record, lines);
      else header = checkHeader(path, record);
      return null;
    },
    on_skip: (error) => {
      const { message, lines } = error as CsvError;
      onSyntaxError(message, Number(lines));
      return undefined;
    },
  });
  try {
    const unzip: Transform = (await isGzip(path)) ? createGunzip() : new PassThrough();
    const source = createReadStream(path).on('data', (chunk) => hash.update(chunk));
    await pipeline(
      source,
      unzip,
      parser,
      new Writable({ objectMode: true, write: (_record, _encoding, done) => done() }),
    );
  } catch (error) {
    throw readError(path, error);
  }
  if (!header) throw new DataError(`${path} is empty; expected CSV with the header ${COLUMNS.join(',')}`);
  return hash.digest('hex');
}

function checkHeader(path: string, record: string[]): string[] {
  if (record.join(',') === COLUMNS.join(',')) return record;
  const found = record.join(',').slice(0, 120);
  throw new DataError(`${path} starts with "${found}"; expected the header ${COLUMNS.join(',')}`);
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function readError(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new DataError(`${path} does not exist; expected a CSV file, plain or gzipped`);
  if (code === 'EISDIR') return new DataError(`${path} is a folder; expected a CSV file, plain or gzipped`);
  if (code === 'EACCES') return new DataError(`${path} may not be read by this user`);
  if (code?.startsWith('Z_')) return new DataError(`${path} is damaged or cut short: ${message}; copy it again`);
  return error;
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type CsvError, parse } from 'csv-parse/sync';
import { DataError } from '../errors';
import { type Line, linesOf, MAX_LINE_LENGTH } from './lines';
import { COLUMNS } from './transaction';

export interface CsvHandlers {
  /** @param line the record's first line in the file, from 1, the header's line */
  onRecord(record: string[], line: number): void;
  /** A line that is not CSV, such as one with a stray quote. The next line is read as if it weren't there. */
  onSyntaxError(problem: string, line: number): void;
}

/**
 * Streams a CSV file with the Online Retail header, plain or gzipped (told by its content, not by its name). Empty
 * lines are skipped.
 *
 * @returns the SHA-256 of the file as it is on disk
 * @throws DataError when the file can't be read, is cut short, or has another header
 */
export async function readCsv(path: string, handlers: CsvHandlers): Promise<string> {
  const hash = createHash('sha256');
  let empty = true;
  try {
    const plain = (await isGzip(path)) ? createGunzip() : new PassThrough();
    const source = createReadStream(path).on('data', (chunk) => hash.update(chunk));
    source.pipe(plain);
    source.on('error', (error) => plain.destroy(error));
    const records = new Records(handlers);
    for await (const line of linesOf(plain)) {
      if (!empty) records.add(line);
      else if (line.text !== '') {
        checkHeader(path, line.text);
        empty = false;
      }
    }
    records.end();
  } catch (error) {
    throw readError(path, error);
  }
  if (empty) throw new DataError(`${path} is empty; expected CSV with the header ${COLUMNS.join(',')}`);
  return hash.digest('hex');
}

/**
 * Makes records of lines. A streaming CSV parser loses everything after a quote that is not closed; here a record that
 * doesn't end costs its first line, and reading goes on at the second.
 */
class Records {
  /** Lines of a record whose quote is still open. */
  private open: Line[] = [];

  constructor(private readonly handlers: CsvHandlers) {}

  add(line: Line): void {
    if (this.open.length === 0 && !line.text.includes('"')) {
      if (line.text.length > MAX_LINE_LENGTH) this.refuse(line, TOO_LONG);
      else if (line.text !== '') this.handlers.onRecord(line.text.split(','), line.number);
      return;
    }
    this.open.push(line);
    const text = this.open.map((part) => part.text).join('\n');
    if (text.length > MAX_LINE_LENGTH) this.giveUp(this.open.length > 1 ? NOT_CLOSED : TOO_LONG);
    else if (quotes(text) % 2 === 0) this.close(text);
  }

  end(): void {
    while (this.open.length > 0) this.giveUp(NOT_CLOSED);
  }

  private close(text: string): void {
    const [first] = this.open as [Line];
    let record: string[] | undefined;
    try {
      [record] = parse(text, { relax_column_count: true }) as string[][];
    } catch (error) {
      // A quote in one line and another one in a later line don't make a field.
      this.giveUp(this.open.length > 1 ? NOT_CLOSED : withoutPlace(error as CsvError));
      return;
    }
    if (this.open.length > 1 && record?.length !== COLUMNS.length) {
      this.giveUp(NOT_CLOSED);
      return;
    }
    this.open = [];
    if (record) this.handlers.onRecord(record, first.number);
  }

  /** Refuses the first line of the open record, and reads the others anew. */
  private giveUp(problem: string): void {
    const [first, ...others] = this.open as [Line, ...Line[]];
    this.open = [];
    this.refuse(first, problem);
    for (const line of others) this.add(line);
  }

  private refuse(line: Line, problem: string): void {
    this.handlers.onSyntaxError(problem, line.number);
  }
}

const TOO_LONG = `is longer than ${MAX_LINE_LENGTH.toLocaleString('en')} characters`;
const NOT_CLOSED = 'opens a quote that is not closed';

function quotes(text: string): number {
  return text.split('"').length - 1;
}

/** The parser numbers the lines of the one record that it is given. */
function withoutPlace({ message }: CsvError): string {
  return message.replace(/ at line \d+/, '');
}

function checkHeader(path: string, line: string): void {
  // Some programs quote every field.
  if (line.replaceAll('"', '') === COLUMNS.join(',')) return;
  const found = JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}…` : line);
  throw new DataError(`${path} starts with ${found}; expected the header ${COLUMNS.join(',')}`);
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

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { EventTime, ItemId, UserId } from '../request-schemas';
import type { UserStateStore } from './user-state-store';

const UserLine = z.strictObject({
  user: UserId,
  events: z.array(z.strictObject({ item: ItemId, at: EventTime })),
});
type UserLine = z.infer<typeof UserLine>;

/** Problems named in the message; the rest are counted. */
const PROBLEMS_SHOWN = 10;
/** Users written at once: enough to keep the disk busy. */
const WRITERS = 16;

/** Lines that can't be loaded. Nothing was. */
export class UserFileError extends Error {
  override readonly name = 'UserFileError';

  constructor(
    path: string,
    /** `line 3: user: …` */
    readonly problems: readonly string[],
  ) {
    const shown = problems.slice(0, PROBLEMS_SHOWN).map((problem) => `  ${problem}`);
    const rest = problems.length - shown.length;
    if (rest > 0) shown.push(`  and ${rest} more`);
    super(
      `${path}: ${problems.length} lines can't be read, so nothing was loaded:\n${shown.join('\n')}\n` +
        '  Each line must be {"user":"12347","events":[{"item":"85123A","at":"2011-09-30T12:00:00Z"}]}',
    );
  }
}

export interface UserLoad {
  users: number;
  events: number;
}

/**
 * Adds the histories of a file of JSON lines, `{ user, events: [{ item, at }] }`, to a store. The whole file is
 * checked before anything is written; loading it twice is the same as once.
 *
 * @param options.onProgress called after each user with the number of users written
 * @throws UserFileError with the number of each bad line
 */
export async function loadUsers(
  path: string,
  store: UserStateStore,
  options: { onProgress?: (users: number) => void } = {},
): Promise<UserLoad> {
  const problems: string[] = [];
  for await (const { problem } of readLines(path)) if (problem) problems.push(problem);
  if (problems.length > 0) throw new UserFileError(path, problems);

  const load: UserLoad = { users: 0, events: 0 };
  const lines = readLines(path);
  const write = async (): Promise<void> => {
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      const { line } = next.value;
      if (!line) continue;
      await store.append(line.user, line.events);
      load.users++;
      load.events += line.events.length;
      options.onProgress?.(load.users);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return load;
}

async function* readLines(path: string): AsyncGenerator<{ line?: UserLine; problem?: string }> {
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (text.trim() !== '') yield parseLine(text, number);
  }
}

function parseLine(text: string, number: number): { line?: UserLine; problem?: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: `line ${number}: ${(error as Error).message}` };
  }
  const result = UserLine.safeParse(value);
  if (result.success) return { line: result.data };
  const [issue] = result.error.issues;
  return { problem: `line ${number}: ${issue?.path.join('.') || 'the line'}: ${issue?.message}` };
}

import { userInfo } from 'node:os';

/** Who runs the command, for the record. A container's user need not have a name: `uid 10001`. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}

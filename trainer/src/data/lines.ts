/** Longest line that is kept, in UTF-16 code units; a file without line ends would otherwise fill the memory. */
export const MAX_LINE_LENGTH = 10_000;

export interface Line {
  /** Without its end; of an overlong one a beginning that is longer than {@link MAX_LINE_LENGTH}. */
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** The lines of a UTF-8 stream, which end in LF or CRLF; a byte order mark is left out. */
export async function* linesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk as unknown as Buffer, { stream: true })).split('\n');
    rest = (parts.pop() as string).slice(0, MAX_LINE_LENGTH + 2);
    for (const part of parts) yield line(part, ++number);
  }
  rest += decoder.decode();
  if (rest !== '') yield line(rest, ++number);
}

function line(text: string, number: number): Line {
  return { text: text.endsWith('\r') ? text.slice(0, -1) : text, number };
}

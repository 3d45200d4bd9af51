import { Fn, Token, Tokenization } from 'cdktf';

/**
 * Text in base64, encoded by Terraform where it has references in it. What lies between them is handed to Terraform in
 * base64 as well: cdktf leaves quotes and line breaks inside a function's arguments as they are, which is no
 * expression.
 */
export function encodedText(text: string): string {
  const parts = partsOf(text).map((part) =>
    Token.isUnresolved(part) ? part : Fn.base64decode(Buffer.from(part).toString('base64')),
  );
  return Fn.base64encode(Fn.join('', parts));
}

/** The references in a text, and the text between them. */
function partsOf(text: string): string[] {
  const fragments = Tokenization.reverseString(text);
  if (fragments.length < 2) return [text];
  const parts: string[] = [];
  fragments.join({
    join: (left: unknown, right: unknown) => {
      parts.push(...[left, right].filter((part) => typeof part === 'string'));
    },
  });
  return parts;
}
